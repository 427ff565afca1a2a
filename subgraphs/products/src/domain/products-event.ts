import type { Product } from './product.ts';
import type { LineAtFault, RejectionReason } from './reservation.ts';
import type { Stock } from './stock.ts';

/** Something that happened here and that others may hear of. */
export type ProductsEvent =
  | { readonly kind: 'ProductCreated' | 'ProductUpdated' | 'ProductArchived'; readonly product: Product }
  | { readonly kind: 'StockChanged'; readonly stock: Stock; readonly reason: string }
  | { readonly kind: 'StockReserved'; readonly orderId: string }
  | {
      readonly kind: 'StockRejected';
      readonly orderId: string;
      readonly reason: RejectionReason;
      readonly lines: readonly LineAtFault[];
    };
