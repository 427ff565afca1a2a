import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
  type AnyPgColumn,
} from 'drizzle-orm/pg-core';
import type { CustomerId, OrderId, ProductId } from '../domain/ids.ts';
import { transitions, type OrderStatus } from '../domain/order-status.ts';

export { deadLetters, inbox, outbox } from '@trellis/outbox';

/** Milliseconds, as JavaScript has them: a cursor made of a value read from here finds its row again. */
const moment = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });

const isStatus = (column: AnyPgColumn) =>
  sql`${column} in (${sql.raw(
    Object.keys(transitions)
      .map((status) => `'${status}'`)
      .join(', '),
  )})`;
const isCurrency = (column: AnyPgColumn) => sql`${column} ~ '^[A-Z]{3}$'`;

/** Orders as they stand after their last step. The checks are the last guard, should the code above ever be wrong. */
export const orders = pgTable(
  'orders',
  {
    id: uuid().$type<OrderId>().primaryKey(),
    customerId: uuid('customer_id').$type<CustomerId>().notNull(),
    status: text().$type<OrderStatus>().notNull(),
    rejectionReason: text('rejection_reason'),
    /** The sequence of the last step. */
    sequence: integer().notNull(),
    totalAmount: integer('total_amount').notNull(),
    totalCurrency: text('total_currency').notNull(),
    idempotencyKey: text('idempotency_key').notNull(),
    inputHash: text('input_hash').notNull(),
    /** The correlation id of the request that placed it, for what nobody asks for: its expiry. */
    correlationId: text('correlation_id'),
    traceparent: text(),
    expiresAt: moment('expires_at').notNull(),
    createdAt: moment('created_at').notNull(),
    updatedAt: moment('updated_at').notNull(),
  },
  (table) => [
    uniqueIndex('orders_idempotency_key').on(table.customerId, table.idempotencyKey),
    index('orders_by_customer').on(table.customerId, table.createdAt, table.id),
    index('orders_newest').on(table.createdAt, table.id),
    index('orders_by_status').on(table.status, table.createdAt, table.id),
    index('orders_pending')
      .on(table.expiresAt)
      .where(sql`${table.status} = 'PENDING'`),
    check('orders_status', isStatus(table.status)),
    check('orders_sequence', sql`${table.sequence} >= 1`),
    check('orders_total_amount', sql`${table.totalAmount} >= 0`),
    check('orders_total_currency', isCurrency(table.totalCurrency)),
  ],
);

/** The lines of orders, as they were when the orders were placed. */
export const orderItems = pgTable(
  'order_items',
  {
    orderId: uuid('order_id')
      .$type<OrderId>()
      .notNull()
      .references(() => orders.id),
    /** Its place among the lines of the order, from 0. */
    position: integer().notNull(),
    productId: uuid('product_id').$type<ProductId>().notNull(),
    name: text().notNull(),
    quantity: integer().notNull(),
    unitAmount: integer('unit_amount').notNull(),
    currency: text().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.orderId, table.position] }),
    check('order_items_quantity', sql`${table.quantity} >= 1`),
    check('order_items_unit_amount', sql`${table.unitAmount} >= 0`),
    check('order_items_currency', isCurrency(table.currency)),
  ],
);

/** Every step of every order: the timeline, and what those who follow orders are told. */
export const orderEvents = pgTable(
  'order_events',
  {
    orderId: uuid('order_id')
      .$type<OrderId>()
      .notNull()
      .references(() => orders.id),
    sequence: integer().notNull(),
    status: text().$type<OrderStatus>().notNull(),
    reason: text(),
    occurredAt: moment('occurred_at').notNull(),
    customerId: uuid('customer_id').$type<CustomerId>().notNull(),
    /** Grows from step to step of one customer's orders in the order of their commits (see `recordStep`). */
    position: bigint({ mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
  },
  (table) => [
    primaryKey({ columns: [table.orderId, table.sequence] }),
    uniqueIndex('order_events_by_customer').on(table.customerId, table.position),
    check('order_events_sequence', sql`${table.sequence} >= 1`),
    check('order_events_status', isStatus(table.status)),
  ],
);

/** The products as their events told them. */
export const catalogue = pgTable(
  'catalogue',
  {
    productId: uuid('product_id').$type<ProductId>().primaryKey(),
    /** The version of the product that this row shows; an event with a lower one came late. */
    version: integer().notNull(),
    name: text().notNull(),
    priceAmount: integer('price_amount').notNull(),
    currency: text().notNull(),
    archived: boolean().notNull(),
  },
  (table) => [
    check('catalogue_price_amount', sql`${table.priceAmount} >= 0`),
    check('catalogue_currency', isCurrency(table.currency)),
  ],
);
