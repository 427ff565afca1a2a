import type { Cause } from '@trellis/event-contracts';
import type { Connection, PageRequest } from '@trellis/pagination';
import type { Account, ProfileChanges } from '../domain/account.ts';
import type { UsersEvent } from '../domain/users-event.ts';
import type { NewSession } from './session-store.ts';

/** What is written when an account is opened, all in one transaction. */
export interface NewAccount {
  readonly account: Account;
  readonly passwordHash: string;
  /** What the others are told. */
  readonly event: UsersEvent;
  readonly cause: Cause;
  /** The login that comes with a registration. */
  readonly session?: NewSession;
}

/** Where accounts are kept. */
export interface AccountStore {
  /** Those of the ids that there are, in any order. Ids that are not UUIDs are ids that there are not. */
  findByIds(ids: readonly string[]): Promise<Account[]>;
  /** @param email in whatever case. */
  findByEmail(email: string): Promise<{ account: Account; passwordHash: string } | undefined>;
  findPasswordHash(id: string): Promise<string | undefined>;
  /** Oldest account first. @throws InvalidPageError for a cursor that is not one of this list. */
  list(page: PageRequest): Promise<Connection<Account>>;
  /** Writes nothing when the e-mail address is taken, however closely two of the same come. */
  open(opening: NewAccount): Promise<'opened' | 'email-taken'>;
  /** @returns the account as it is now; undefined when there is none. */
  changeProfile(id: string, changes: ProfileChanges): Promise<Account | 'email-taken' | undefined>;
  /**
   * Replaces a password and ends every session of the account but one.
   * @param from the hash that the current password was compared with: when it is no longer the one, nothing is written.
   * @returns whether it was replaced.
   */
  changePassword(change: {
    id: string;
    from: string;
    to: string;
    keepSessionId: string | undefined;
  }): Promise<boolean>;
  /**
   * Replaces the hash of a password that stays the same; sessions go on.
   * @param renewal.from as in `changePassword`.
   */
  renewPasswordHash(renewal: { id: string; from: string; to: string }): Promise<void>;
  /** The bcrypt costs of the password hashes that are stored, each once. */
  passwordHashCosts(): Promise<number[]>;
}
