/** A failure that a caller can expect and mend, as the schemas' `UserError` has it. */
export interface UserError<Code extends string = string> {
  readonly code: Code;
  /** A sentence, for people. */
  readonly message: string;
  /** Path of the input field at fault, from the argument down; null when no one field is. */
  readonly field: string[] | null;
}

/** What became of something that may fail in expected ways. */
export type Result<T, E> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly errors: E[] };

export function success<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

export function failure<E>(...errors: E[]): { readonly ok: false; readonly errors: E[] } {
  return { ok: false, errors };
}
