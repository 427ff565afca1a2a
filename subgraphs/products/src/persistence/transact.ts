import type { Database, Queryable } from '@trellis/database';
import type { Result } from '@trellis/validation';

/** Runs `work` in one transaction, and undoes what it wrote when it ends in failure. */
export async function transact<T, E>(
  database: Database,
  work: (tx: Queryable) => Promise<Result<T, E>>,
): Promise<Result<T, E>> {
  let refusal: Result<T, E> | undefined;
  try {
    return await database.transaction(async (tx) => {
      const result = await work(tx);
      if (result.ok) return result;
      refusal = result;
      throw new Undo();
    });
  } catch (error) {
    if (error instanceof Undo && refusal !== undefined) return refusal;
    throw error;
  }
}

/** Makes the database take a transaction back. */
class Undo extends Error {}
