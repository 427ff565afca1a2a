import type { Logger } from '@trellis/lifecycle';
import type { Database, Queryable } from './database.ts';
import { asTypedError } from './errors.ts';
import { retryConflicts } from './retry-conflicts.ts';
import { withTypedErrors } from './typed-errors.ts';

/** How a driver runs a transaction: commits when `work` is done, and takes everything back when it throws. */
type Run = <T>(work: (tx: Queryable) => Promise<T>) => Promise<T>;

/** Makes the transactions of a database from those of its driver. */
export function createTransactions(run: Run, logger: Logger): Database['transaction'] {
  return (work, commits = () => true) =>
    retryConflicts(async () => {
      let takenBack: { readonly result: Awaited<ReturnType<typeof work>> } | undefined;
      try {
        return await run(async (tx) => {
          const result = await work(withTypedErrors(tx));
          if (commits(result)) return result;
          takenBack = { result };
          throw new RollBack();
        });
      } catch (error) {
        if (error instanceof RollBack && takenBack !== undefined) return takenBack.result;
        throw asTypedError(error);
      }
    }, logger);
}

/** Drivers roll back for an exception only. */
class RollBack extends Error {}
