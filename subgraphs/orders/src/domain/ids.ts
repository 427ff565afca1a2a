import type { Id } from '@trellis/validation';

export type OrderId = Id<'order'>;
/** Names a user who orders. */
export type CustomerId = Id<'customer'>;
export type ProductId = Id<'product'>;
