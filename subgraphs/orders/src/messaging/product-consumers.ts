import type { Database, Queryable } from '@trellis/database';
import type { EventData } from '@trellis/event-contracts';
import type { EventSubscription, HandlerOutcome } from '@trellis/messaging';
import { consumeOnce } from '@trellis/outbox';
import { readId } from '@trellis/validation';
import type { ProductId } from '../domain/ids.ts';
import type { CatalogueEntry } from '../domain/price-order.ts';

export interface ProductConsumersOptions {
  readonly database: Database;
  /** Keeps the entry unless a later version is known. */
  readonly keep: (tx: Queryable, entry: CatalogueEntry, version: number) => Promise<void>;
}

/** Keep the catalogue as the events of products tell it. */
export function createProductConsumers({ database, keep }: ProductConsumersOptions): EventSubscription[] {
  const kept =
    (archived: boolean) =>
    async (
      tx: Queryable,
      { data }: { readonly data: EventData<'products.product-updated.v1'> },
    ): Promise<HandlerOutcome> => {
      const productId = readId<ProductId>(data.productId);
      if (productId === undefined) return { kind: 'dead-letter', reason: 'the product id is not a UUID' };
      await keep(tx, { productId, name: data.name, price: data.price, archived }, data.version);
      return { kind: 'ack' };
    };
  const consumer = 'orders';
  return [
    consumeOnce({ database, consumer, eventType: 'products.product-created.v1', handle: kept(false) }),
    consumeOnce({ database, consumer, eventType: 'products.product-updated.v1', handle: kept(false) }),
    consumeOnce({ database, consumer, eventType: 'products.product-archived.v1', handle: kept(true) }),
  ];
}
