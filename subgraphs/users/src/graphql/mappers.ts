import type { Identity } from '@trellis/auth';
import type { Account } from '../domain/account.ts';

/** What the resolvers of `User` work on. */
export interface UserModel {
  readonly account: Account;
  /** Whether whoever asks is shown what only the user and administrators may see. */
  readonly showsPrivate: boolean;
}

/** An account as a caller may see it. */
export function asSeenBy(viewer: Identity, account: Account): UserModel {
  const showsPrivate =
    viewer.kind === 'user' && (viewer.userId === account.id || viewer.roles.includes('ADMIN'));
  return { account, showsPrivate };
}

/** An account as its owner sees it; for answers to someone who has just proven to be the owner. */
export function asSeenByOwner(account: Account): UserModel {
  return { account, showsPrivate: true };
}
