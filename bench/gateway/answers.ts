import { isDeepStrictEqual } from 'node:util';

/** How an answer stands to the one that it should be. */
export type Likeness = 'same bytes' | 'equal' | 'different';

/**
 * Compares an answer with the reference as clients read it: as JSON, in which the order of an object's keys has no meaning and that of a
 * list's items has. Errors and extensions count like data. The line break that Apollo Server puts behind its answers is no difference.
 */
export function compareAnswers(answer: string, reference: string): Likeness {
  if (answer.trimEnd() === reference.trimEnd()) return 'same bytes';
  try {
    return isDeepStrictEqual(JSON.parse(answer), JSON.parse(reference)) ? 'equal' : 'different';
  } catch {
    return 'different';
  }
}

/**
 * A reference must be worth comparing with: data, and no errors.
 * @throws Error saying what it is instead.
 */
export function checkReference(answer: string, operation: string): void {
  const { data, errors } = JSON.parse(answer) as { data?: unknown; errors?: unknown };
  if (data == null || errors !== undefined) {
    throw new Error(`the reference answer to "${operation}" has errors: ${answer.slice(0, 500)}`);
  }
}
