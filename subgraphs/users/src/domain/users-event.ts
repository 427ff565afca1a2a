import type { Account } from './account.ts';

/** Something that happened here and that others may hear of. */
export interface UsersEvent {
  readonly kind: 'UserRegistered';
  readonly account: Account;
}
