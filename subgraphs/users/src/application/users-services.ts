import type { Logger } from '@trellis/lifecycle';
import type { AccessTokens } from './access-tokens.ts';
import type { AccountStore } from './account-store.ts';
import type { OrderSummaryStore } from './order-summary-store.ts';
import type { PasswordHasher } from './password-hasher.ts';
import type { SessionStore } from './session-store.ts';

/** What the use cases work with. */
export interface UsersServices {
  readonly accounts: AccountStore;
  readonly sessions: SessionStore;
  readonly orderSummaries: OrderSummaryStore;
  readonly passwords: PasswordHasher;
  readonly accessTokens: AccessTokens;
  readonly now: () => Date;
  /** Makes a UUID. */
  readonly newId: () => string;
  /** Makes a text that nobody can guess: 256 random bits, base64url. */
  readonly newSecret: () => string;
  readonly logger: Logger;
}

/** The caller's token is good, and there is no such account any more. */
export class UnknownCallerError extends Error {
  override readonly name = 'UnknownCallerError';
}
