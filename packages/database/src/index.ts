export type { Database, DatabaseOptions, Queryable } from './database.ts';
export { DirectoryInUseError, lockDirectory } from './directory-lock.ts';
export { DatabaseUnavailableError, StatementFailedError } from './errors.ts';
export { openDatabase } from './open-database.ts';
export { rowsOf } from './rows.ts';
export { sqlState, violatesUnique } from './sql-errors.ts';
export { NotADatabaseError } from './pglite-database.ts';
