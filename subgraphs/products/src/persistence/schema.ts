import { sql } from 'drizzle-orm';
import {
  char,
  check,
  customType,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  timestamp,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';
import type { ReservationReason } from '../application/unit-of-work.ts';
import type { ReservationState } from '../domain/reservation.ts';
import { maxOnHand, type StockChangeKind } from '../domain/stock.ts';

export { deadLetters, inbox, outbox } from '@trellis/outbox';

/** Milliseconds, because that is what a JavaScript Date and so a cursor holds: more would make rows fall between pages. */
const moment = (name: string) => timestamp(name, { precision: 3, withTimezone: true });

/** Text that sorts by code point whatever the locale of the database, so that lists run alike everywhere. */
const foldedText = customType<{ data: string }>({ dataType: () => 'text collate "C"' });

export const categories = pgTable('categories', {
  slug: text().primaryKey(),
  name: text().notNull(),
});

export const products = pgTable(
  'products',
  {
    id: uuid().primaryKey(),
    sku: text().notNull(),
    name: text().notNull(),
    description: text().notNull(),
    category: text()
      .notNull()
      .references(() => categories.slug),
    priceAmount: integer('price_amount').notNull(),
    priceCurrency: char('price_currency', { length: 3 }).notNull(),
    version: integer().notNull(),
    archivedAt: moment('archived_at'),
    createdAt: moment('created_at').notNull(),
    updatedAt: moment('updated_at').notNull(),
    /** The name, folded: what the list by name is ordered by. */
    nameKey: foldedText('name_key').notNull(),
    /** Name, description and SKU, folded: what the search looks in. */
    searchText: text('search_text').notNull(),
  },
  (table) => [
    unique('products_sku_unique').on(table.sku),
    check('products_price_not_negative', sql`${table.priceAmount} >= 0`),
    index('products_by_name')
      .on(table.nameKey, table.id)
      .where(sql`archived_at is null`),
    index('products_by_price')
      .on(table.priceAmount, table.id)
      .where(sql`archived_at is null`),
    index('products_by_age')
      .on(table.createdAt, table.id)
      .where(sql`archived_at is null`),
    index('products_by_category')
      .on(table.category)
      .where(sql`archived_at is null`),
  ],
);

export const stock = pgTable(
  'stock',
  {
    productId: uuid('product_id')
      .primaryKey()
      .references(() => products.id),
    onHand: integer('on_hand').notNull(),
    reserved: integer().notNull(),
    version: integer().notNull(),
  },
  (table) => [
    // The last guard against overselling, should the code above it ever be wrong.
    check('stock_reserved_not_negative', sql`${table.reserved} >= 0`),
    check('stock_covers_reserved', sql`${table.onHand} >= ${table.reserved}`),
    check('stock_on_hand_bounded', sql`${table.onHand} <= ${sql.raw(String(maxOnHand))}`),
  ],
);

/** Every change of every stock. For each product the sums of the changes are its stock, and the versions run from 1 without gaps. */
export const stockLedger = pgTable(
  'stock_ledger',
  {
    id: uuid().primaryKey().defaultRandom(),
    productId: uuid('product_id')
      .notNull()
      .references(() => stock.productId),
    stockVersion: integer('stock_version').notNull(),
    kind: text().$type<StockChangeKind>().notNull(),
    onHandChange: integer('on_hand_change').notNull(),
    reservedChange: integer('reserved_change').notNull(),
    reason: text().notNull(),
    orderId: uuid('order_id'),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [
    unique('stock_ledger_version_unique').on(table.productId, table.stockVersion),
    check('stock_ledger_kind', sql`${table.kind} in ('INITIAL', 'ADJUSTED', 'RESERVED', 'RELEASED')`),
  ],
);

/** What came of each order's wish for stock. A row is never deleted: it is what keeps a late or repeated event from acting. */
export const reservations = pgTable(
  'reservations',
  {
    orderId: uuid('order_id').primaryKey(),
    state: text().$type<ReservationState>().notNull(),
    /** Why it was rejected, or what ended it. */
    reason: text().$type<ReservationReason>(),
    createdAt: moment('created_at').notNull(),
    updatedAt: moment('updated_at').notNull(),
  },
  (table) => [check('reservations_state', sql`${table.state} in ('RESERVED', 'REJECTED', 'RELEASED')`)],
);

export const reservationLines = pgTable(
  'reservation_lines',
  {
    orderId: uuid('order_id')
      .notNull()
      .references(() => reservations.orderId),
    productId: uuid('product_id')
      .notNull()
      .references(() => products.id),
    quantity: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.orderId, table.productId] }),
    check('reservation_lines_quantity', sql`${table.quantity} > 0`),
  ],
);
