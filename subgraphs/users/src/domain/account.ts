/** What a user may do, as the schema's `Role` has it. */
export type Role = 'CUSTOMER' | 'ADMIN';

/** A person with an account. What proves them (the password's hash) is kept apart and never travels with it. */
export interface Account {
  readonly id: string;
  /** As its owner writes it. */
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly createdAt: Date;
}

/** What an owner may change of an account; what is left out stays. */
export interface ProfileChanges {
  readonly email?: string;
  readonly name?: string;
}

/**
 * What e-mail addresses are compared by: two that differ in case only are one. RFC 5321 lets a host tell local parts by case; none
 * does, and people do not write them alike.
 */
export function emailKey(email: string): string {
  return email.trim().normalize('NFC').toLowerCase();
}
