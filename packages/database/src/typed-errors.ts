import type { Queryable } from './database.ts';
import { asTypedError } from './errors.ts';

/**
 * Makes every statement of a handle fail with the errors of this package. The query builder's own error holds the values of the statement
 * in its message, from where they would go to every log.
 * @returns the handle itself.
 */
export function withTypedErrors(handle: Queryable): Queryable {
  const { session } = handle._;
  const prepareQuery = session.prepareQuery.bind(session);
  // Every statement is prepared here, whichever builder it comes from.
  session.prepareQuery = (...parameters) => {
    const prepared = prepareQuery(...parameters);
    const execute = prepared.execute.bind(prepared);
    prepared.execute = async (...values) => {
      try {
        return await execute(...values);
      } catch (error) {
        throw asTypedError(error);
      }
    };
    return prepared;
  };
  return handle;
}
