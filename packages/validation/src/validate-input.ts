import type { z } from 'zod';
import type { InputErrorCode } from './fields.ts';
import { failure, success, type Result, type UserError } from './user-error.ts';

/** Enough to mend an input by; ten thousand bad lines do not make ten thousand errors. */
const maxErrors = 25;

/**
 * Checks an input against its schema.
 * @param argument the name of the GraphQL argument; every error's field begins with it.
 * @returns the parsed input, or every fault (up to 25) with its field.
 */
export function validateInput<T>(
  schema: z.ZodType<T>,
  input: unknown,
  argument = 'input',
): Result<T, UserError<InputErrorCode>> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return success(parsed.data);
  const errors = parsed.error.issues.slice(0, maxErrors).map((issue) => ({
    code: codeOf(issue),
    message: sentence(messageOf(issue)),
    field: [argument, ...issue.path.map(String)],
  }));
  return failure(...errors);
}

function codeOf(issue: z.core.$ZodIssue): InputErrorCode {
  switch (issue.code) {
    case 'custom':
      return (issue.params?.['code'] as InputErrorCode | undefined) ?? 'INVALID';
    case 'too_big':
      return issue.origin === 'string' || issue.origin === 'array' ? 'TOO_LONG' : 'OUT_OF_RANGE';
    case 'too_small':
      return issue.origin === 'string' || issue.origin === 'array' ? 'REQUIRED' : 'OUT_OF_RANGE';
    case 'invalid_type':
      return issue.input === undefined || issue.input === null ? 'REQUIRED' : 'INVALID';
    default:
      return 'INVALID';
  }
}

/** Rules are worded as predicates (`must not be empty`), so that they can stand behind a name too. */
function sentence(predicate: string): string {
  return `${predicate.charAt(0).toUpperCase()}${predicate.slice(1)}.`;
}

function messageOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'too_big' && issue.origin === 'array')
    return `must have at most ${issue.maximum} entries`;
  if (issue.code === 'too_small' && issue.origin === 'array')
    return `must have at least ${issue.minimum} entry`;
  return issue.message;
}
