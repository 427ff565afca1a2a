import type { UserError } from '@trellis/validation';

/** Why a request about an order can be refused: the schema's `UserErrorCode`. */
export type OrderErrorCode =
  | 'REQUIRED'
  | 'TOO_LONG'
  | 'OUT_OF_RANGE'
  | 'INVALID'
  | 'NOT_FOUND'
  | 'DUPLICATE_LINE'
  | 'PRODUCT_UNAVAILABLE'
  | 'MIXED_CURRENCIES'
  | 'IDEMPOTENCY_CONFLICT'
  | 'NOT_CANCELLABLE';

/** A refusal that the customer can understand and mend. */
export type OrderError = UserError<OrderErrorCode>;
