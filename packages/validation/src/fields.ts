import { z } from 'zod';

/** The codes that checking an input can give. */
export type InputErrorCode = 'REQUIRED' | 'TOO_SHORT' | 'TOO_LONG' | 'OUT_OF_RANGE' | 'INVALID';

/** Adds a rule with a code of its own to a field: `z.string().check(rule('INVALID', isSlug, 'must be …'))`. */
export function rule<T>(
  code: InputErrorCode,
  holds: (value: T) => boolean,
  message: string,
): z.core.CheckFn<T> {
  return (context) => {
    if (holds(context.value)) return;
    context.issues.push({ code: 'custom', message, input: context.value, params: { code }, continue: false });
  };
}

/**
 * A text. Lengths count Unicode code points, so an emoji is as long as it looks to the database. Control characters are refused (NUL cannot be
 * stored in PostgreSQL at all), new lines and tabs only where `multiline` lets them in. White space around the text is taken off.
 */
export function text(options: { min?: number; max: number; multiline?: boolean }): z.ZodType<string, string> {
  const { min = 1, max, multiline = false } = options;
  const control = multiline ? /[^\P{Cc}\n\r\t]/u : /\p{Cc}/u;
  return z
    .string()
    .trim()
    .check(
      rule('TOO_LONG', (value) => codePoints(value, max) <= max, `must be at most ${max} characters`),
      rule('REQUIRED', (value) => min === 0 || value.length > 0, 'must not be empty'),
      rule(
        'TOO_SHORT',
        (value) => value.length === 0 || codePoints(value, min) >= min,
        `must be at least ${min} characters`,
      ),
      rule('INVALID', (value) => !control.test(value), 'must not contain control characters'),
      rule('INVALID', (value) => value.isWellFormed(), 'must be well-formed Unicode'),
    );
}

/** A whole number within bounds. GraphQL's Int has already kept it within 32 bits. */
export function wholeNumber(min: number, max: number): z.ZodType<number, number> {
  return z
    .number()
    .check(
      rule(
        'OUT_OF_RANGE',
        (value) => Number.isInteger(value) && value >= min && value <= max,
        `must be from ${min} to ${max}`,
      ),
    );
}

/** Counts code points, and stops counting a hostile text soon after the limit. */
function codePoints(value: string, limit: number): number {
  if (value.length > limit * 2 + 1) return Infinity;
  return [...value].length;
}
