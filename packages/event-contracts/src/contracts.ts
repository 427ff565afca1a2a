import { z } from 'zod';

const id = z.uuid();
const timestamp = z.iso.datetime();

/** Integer minor units (cents) with an ISO 4217 currency. */
const money = z.object({ amount: z.int().nonnegative(), currency: z.string().regex(/^[A-Z]{3}$/) });

const orderLine = z.object({ productId: id, quantity: z.int().positive(), unitPrice: money });

const product = z.object({
  productId: id,
  /** Grows by one with every change of the product; a consumer keeps the highest it has seen. */
  version: z.int().positive(),
  sku: z.string(),
  name: z.string(),
  category: z.string(),
  price: money,
});

const orderTransition = z.object({
  orderId: id,
  customerId: id,
  /** Position of this event among the events of its order, from 1, without gaps. */
  sequence: z.int().positive(),
  total: money,
});

/** A service that publishes or consumes events. The first word of an event's type is the one that publishes it. */
export type ServiceName = 'users' | 'products' | 'orders';

interface EventContract {
  readonly name: string;
  readonly description: string;
  /**
   * The services that act on the event. Every process declares their queues before it publishes, so that an event is kept for
   * a consumer that has never run yet; a service that begins to consume one is added here first.
   */
  readonly consumers: readonly ServiceName[];
  readonly data: z.ZodType;
}

/**
 * Every event that crosses a service border: its name, what it means, who acts on it, and the schema of its `data`. The key is
 * the event's type and its routing key: `<service>.<event>.v<version>`. A change that an existing consumer could not read is a
 * new version.
 */
export const eventContracts = {
  'users.user-registered.v1': {
    name: 'UserRegistered',
    description: 'A customer or an administrator opened an account.',
    consumers: [],
    data: z.object({
      userId: id,
      email: z.string(),
      displayName: z.string(),
      role: z.enum(['CUSTOMER', 'ADMIN']),
      registeredAt: timestamp,
    }),
  },
  'products.product-created.v1': {
    name: 'ProductCreated',
    description: 'A product entered the catalogue.',
    consumers: ['orders'],
    data: product,
  },
  'products.product-updated.v1': {
    name: 'ProductUpdated',
    description: 'A product changed; the event carries all of it, not the difference.',
    consumers: ['orders'],
    data: product,
  },
  'products.product-archived.v1': {
    name: 'ProductArchived',
    description: 'A product left the catalogue and can no longer be ordered.',
    consumers: ['orders'],
    data: product,
  },
  'products.stock-changed.v1': {
    name: 'StockChanged',
    description: 'The stock of a product changed, by hand or by an order.',
    consumers: [],
    data: z.object({
      productId: id,
      /** Grows by one with every change of this product's stock. */
      stockVersion: z.int().positive(),
      onHand: z.int().nonnegative(),
      reserved: z.int().nonnegative(),
      available: z.int().nonnegative(),
      reason: z.string(),
    }),
  },
  'products.stock-reserved.v1': {
    name: 'StockReserved',
    description: 'Every line of an order is set aside for it.',
    consumers: ['orders'],
    data: z.object({ orderId: id }),
  },
  'products.stock-rejected.v1': {
    name: 'StockRejected',
    description: 'Nothing was set aside for an order, because one line or more could not be.',
    consumers: ['orders'],
    data: z.object({
      orderId: id,
      reason: z.enum(['OUT_OF_STOCK', 'PRICE_CHANGED', 'PRODUCT_UNAVAILABLE']),
      /** The lines at fault. */
      lines: z.array(
        z.object({ productId: id, requested: z.int().positive(), available: z.int().nonnegative() }),
      ),
    }),
  },
  'orders.order-placed.v1': {
    name: 'OrderPlaced',
    description: 'A customer placed an order; it waits for its stock.',
    consumers: ['products'],
    data: orderTransition.extend({ lines: z.array(orderLine).min(1), expiresAt: timestamp }),
  },
  'orders.order-confirmed.v1': {
    name: 'OrderConfirmed',
    description: 'The stock of an order is reserved; the order stands.',
    consumers: ['users'],
    data: orderTransition,
  },
  'orders.order-rejected.v1': {
    name: 'OrderRejected',
    description: 'An order ended because its stock could not be reserved.',
    consumers: [],
    data: orderTransition.extend({ reason: z.string() }),
  },
  'orders.order-cancelled.v1': {
    name: 'OrderCancelled',
    description: 'The customer took an order back; what was reserved for it is to be released.',
    consumers: ['products', 'users'],
    data: orderTransition,
  },
  'orders.order-expired.v1': {
    name: 'OrderExpired',
    description: 'An order was still pending at its deadline; what was reserved for it is to be released.',
    consumers: ['products'],
    data: orderTransition,
  },
} as const satisfies Record<`${ServiceName}.${string}.v${number}`, EventContract>;

/** The type, and so the routing key, of an event: `orders.order-placed.v1`. */
export type EventType = keyof typeof eventContracts;

/** What an event of type `T` carries in `data`. */
export type EventData<T extends EventType> = z.infer<(typeof eventContracts)[T]['data']>;

/** Every type of event, in the order of the table. */
export const eventTypes = Object.keys(eventContracts) as readonly EventType[];

/** Whether a string is the type of an event that this version knows. */
export function isEventType(type: string): type is EventType {
  return Object.hasOwn(eventContracts, type);
}
