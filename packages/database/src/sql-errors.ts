/**
 * The SQLSTATE of a failed query (PostgreSQL manual, appendix A), looked for through the errors that wrap it.
 * @returns undefined when the error did not come from the database.
 */
export function sqlState(error: unknown): string | undefined {
  return databaseError(error)?.code;
}

/** Whether a query failed because a row with the same unique value exists. @param constraint the name of the index or constraint. */
export function violatesUnique(error: unknown, constraint: string): boolean {
  const found = databaseError(error);
  return found?.code === '23505' && found.constraint === constraint;
}

interface DatabaseError {
  readonly code: string;
  readonly constraint?: string;
}

function databaseError(error: unknown): DatabaseError | undefined {
  for (let current = error; current instanceof Error; current = current.cause) {
    if ('code' in current && typeof current.code === 'string' && /^[0-9A-Z]{5}$/.test(current.code)) {
      return current as unknown as DatabaseError;
    }
  }
  return undefined;
}
