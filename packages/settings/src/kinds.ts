import { z } from 'zod';

/** A TCP port; 0 asks the system for a free one. */
export const port = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a port, 0 to 65535')
  .transform(Number)
  .refine((value) => value <= 65_535, 'must be a port, 0 to 65535');

/** A whole number within bounds. */
export const integer = (min: number, max: number): z.ZodType<number, string> =>
  z
    .string()
    .regex(/^-?\d{1,15}$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be a whole number from ${min} to ${max}`);

/** `true` or `false`. */
export const flag = z.enum(['true', 'false'], 'must be true or false').transform((value) => value === 'true');

/** One of a few words. */
export const oneOf = <const T extends readonly [string, ...string[]]>(
  words: T,
): z.ZodType<T[number], string> => z.enum(words, `must be one of ${words.join(', ')}`);

/** A URL with one of the given schemes (`['http:', 'https:']`). */
export const url = (schemes: readonly string[]): z.ZodType<string, string> =>
  z.string().refine((value) => URL.canParse(value) && schemes.includes(new URL(value).protocol), {
    error: `must be a URL that begins with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}`,
  });

/** Any text. */
export const text = z.string();
