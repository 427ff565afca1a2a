import type { PublicJwk } from '@trellis/auth';
import { bigint, char, index, integer, jsonb, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import type { Role } from '../domain/account.ts';
import type { OrderStanding } from '../domain/order-summary.ts';

export { deadLetters, inbox, outbox } from '@trellis/outbox';

/** A moment in milliseconds, as JavaScript has them: a cursor made from a row finds the row again. */
const moment = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });

/** The unique index that keeps two accounts from one address. */
export const emailIndex = 'users_email_key_unique';

export const users = pgTable(
  'users',
  {
    id: uuid().primaryKey(),
    /** As its owner writes it. */
    email: text().notNull(),
    /** What addresses are compared by (`emailKey` of the domain). */
    emailKey: text('email_key').notNull().unique(emailIndex),
    name: text().notNull(),
    role: text().$type<Role>().notNull(),
    /** bcrypt. */
    passwordHash: text('password_hash').notNull(),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [index('users_created_at').on(table.createdAt, table.id)],
);

/** Logins that have not ended. */
export const sessions = pgTable(
  'sessions',
  {
    id: uuid().primaryKey(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    createdAt: moment('created_at').notNull(),
    expiresAt: moment('expires_at').notNull(),
  },
  (table) => [index('sessions_user').on(table.userId), index('sessions_expiry').on(table.expiresAt)],
);

/** Refresh tokens by their SHA-256 (base64url). Spent ones are kept to their end, so that a second use is noticed. */
export const refreshTokens = pgTable(
  'refresh_tokens',
  {
    hash: text().primaryKey(),
    sessionId: uuid('session_id')
      .notNull()
      .references(() => sessions.id, { onDelete: 'cascade' }),
    expiresAt: moment('expires_at').notNull(),
    spentAt: moment('spent_at'),
  },
  (table) => [
    index('refresh_tokens_session').on(table.sessionId),
    index('refresh_tokens_expiry').on(table.expiresAt),
  ],
);

/** The keys of access tokens; see `signing-key-life` of the domain. */
export const signingKeys = pgTable('signing_keys', {
  kid: text().primaryKey(),
  publicJwk: jsonb('public_jwk').$type<PublicJwk>().notNull(),
  /** Encrypted; see the key cipher. */
  privateKey: text('private_key').notNull(),
  createdAt: moment('created_at').notNull(),
  activeFrom: moment('active_from').notNull(),
  retiresAt: moment('retires_at'),
});

/** Where each order stands, by its newest event: what order summaries are summed from. */
export const orderStandings = pgTable(
  'order_standings',
  {
    orderId: uuid('order_id').primaryKey(),
    customerId: uuid('customer_id').notNull(),
    amount: bigint({ mode: 'number' }).notNull(),
    currency: char({ length: 3 }).notNull(),
    status: text().$type<OrderStanding['status']>().notNull(),
    sequence: integer().notNull(),
  },
  (table) => [index('order_standings_customer').on(table.customerId, table.status)],
);
