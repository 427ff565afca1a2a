import type { Logger } from '@trellis/lifecycle';
import { sqlState } from './sql-errors.ts';

/** Serialization failure and deadlock: PostgreSQL took the transaction back so that another could go on. */
const conflicts = new Set(['40001', '40P01']);
const maxAttempts = 5;

/** Runs a transaction again when it lost against another one, after a short pause that differs from its rival's. */
export async function retryConflicts<T>(transaction: () => Promise<T>, logger: Logger): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await transaction();
    } catch (error) {
      const state = sqlState(error);
      if (attempt === maxAttempts || state === undefined || !conflicts.has(state)) throw error;
      logger.debug({ sqlState: state, attempt }, 'a transaction lost against another; running it again');
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * attempt));
    }
  }
}
