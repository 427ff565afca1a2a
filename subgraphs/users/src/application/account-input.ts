import { rule, text } from '@trellis/validation';
import { z } from 'zod';

/** What bcrypt reads of a password; what comes behind it would be ignored, so it is refused instead. */
const maxPasswordBytes = 72;
const minPasswordCharacters = 10;

/**
 * One `@`, a local part without spaces, quotes or invisible characters, and a domain of at least two labels. Whether anybody reads
 * the mail only a mail can tell, so the rest of RFC 5321 is let be.
 */
const emailForm =
  /^[^\s\p{C}@"(),:;<>[\\\]]{1,64}@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}\p{N}][\p{L}\p{N}-]{0,61}[\p{L}\p{N}]$/u;

const email = text({ max: 254 }).check(
  rule('INVALID', (value) => emailForm.test(value), 'must be an e-mail address'),
);

const name = text({ max: 100 });

/** Any password somebody may have; a change of {@link newPassword}'s rules locks nobody out. */
const password = z.string().check(
  rule('REQUIRED', (value) => value !== '', 'must not be empty'),
  rule(
    'TOO_LONG',
    (value) => Buffer.byteLength(value) <= maxPasswordBytes,
    `must be at most ${maxPasswordBytes} bytes in UTF-8`,
  ),
  rule('INVALID', (value) => !/\p{Cc}/u.test(value), 'must not contain control characters'),
  // Every lone surrogate becomes the same character in UTF-8, so different passwords would open one account.
  rule('INVALID', (value) => value.isWellFormed(), 'must be well-formed Unicode'),
);

/** A password that is to be set. Not trimmed: spaces count. */
const newPassword = password.check(
  rule(
    'TOO_SHORT',
    (value) => [...value].length >= minPasswordCharacters,
    `must be at least ${minPasswordCharacters} characters`,
  ),
);

export const registerInput = z.object({ email, name, password: newPassword });

export const loginInput = z.object({ email, password });

export const changePasswordInput = z.object({ currentPassword: password, newPassword });

/** Null is taken as left out: neither a name nor an address can be taken away. */
export const updateProfileInput = z.object({ name: name.nullish(), email: email.nullish() });

/** Whether it is a token that was ever handed out, only the store can tell. */
export const refreshTokenArgument = text({ max: 200 });
