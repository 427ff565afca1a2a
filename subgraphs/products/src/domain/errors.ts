import type { UserError } from '@trellis/validation';

/** Why a change of the catalogue can be refused: the schema's `UserErrorCode`. */
export type ProductErrorCode =
  | 'REQUIRED'
  | 'TOO_LONG'
  | 'OUT_OF_RANGE'
  | 'INVALID'
  | 'NOT_FOUND'
  | 'SKU_TAKEN'
  | 'ARCHIVED'
  | 'INSUFFICIENT_STOCK';

/** A refusal that whoever keeps the catalogue can understand and mend. */
export type ProductError = UserError<ProductErrorCode>;

/** There is no product with the id that stands in `field`. */
export function productNotFound(field: string[]): ProductError {
  return { code: 'NOT_FOUND', message: 'There is no product with this id.', field };
}

/** The product with the id that stands in `field` left the catalogue. */
export function productIsArchived(field: string[]): ProductError {
  return { code: 'ARCHIVED', message: 'The product is archived and can no longer change.', field };
}
