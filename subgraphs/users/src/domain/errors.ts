import type { Result, UserError } from '@trellis/validation';

/** Why an operation on an account is refused: the schema's `UserErrorCode`. */
export type AccountErrorCode =
  | 'REQUIRED'
  | 'TOO_SHORT'
  | 'TOO_LONG'
  | 'INVALID'
  | 'EMAIL_TAKEN'
  | 'INVALID_CREDENTIALS'
  | 'INVALID_SESSION';

export type AccountError = UserError<AccountErrorCode>;

/** What became of an operation that can be refused. */
export type AccountResult<T> = Result<T, AccountError>;

export function emailTaken(): AccountError {
  return {
    code: 'EMAIL_TAKEN',
    message: 'An account with this e-mail address exists.',
    field: ['input', 'email'],
  };
}

/** Names no field: which of the two is wrong would tell a stranger who has an account. */
export function wrongCredentials(): AccountError {
  return {
    code: 'INVALID_CREDENTIALS',
    message: 'The e-mail address or the password is wrong.',
    field: null,
  };
}

export function wrongCurrentPassword(): AccountError {
  return {
    code: 'INVALID_CREDENTIALS',
    message: 'The current password is wrong.',
    field: ['input', 'currentPassword'],
  };
}

/** Says nothing of why: unknown, spent, expired and revoked look alike. */
export function invalidSession(): AccountError {
  return {
    code: 'INVALID_SESSION',
    message: 'The session has ended: log in again.',
    field: ['refreshToken'],
  };
}
