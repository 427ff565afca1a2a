import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import type { CustomerId, OrderId, ProductId } from '../domain/ids.ts';
import type { OrderStatus } from '../domain/order-status.ts';

export { deadLetters, inbox, outbox } from '@trellis/outbox';

/** Milliseconds, as JavaScript has them: a cursor made of a value read from here finds its row again. */
const moment = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });

/** Orders as they stand after their last step. */
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
  (table) => [primaryKey({ columns: [table.orderId, table.position] })],
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
  ],
);

/** The products as their events told them. */
export const catalogue = pgTable('catalogue', {
  productId: uuid('product_id').$type<ProductId>().primaryKey(),
  /** The version of the product that this row shows; an event with a lower one came late. */
  version: integer().notNull(),
  name: text().notNull(),
  priceAmount: integer('price_amount').notNull(),
  currency: text().notNull(),
  archived: boolean().notNull(),
});
