import type { Queryable } from '@trellis/database';
import type { UnitOfWork } from '../application/unit-of-work.ts';
import { createPostgresCatalogueStore } from './postgres-catalogue-store.ts';
import { createPostgresReservationStore } from './postgres-reservation-store.ts';
import { createPostgresStockStore } from './postgres-stock-store.ts';

/** Everything that can be written, through one transaction. @param publish writes events into the same transaction's outbox. */
export function createPostgresUnitOfWork(tx: Queryable, publish: UnitOfWork['publish']): UnitOfWork {
  return {
    catalogue: createPostgresCatalogueStore(tx),
    stock: createPostgresStockStore(tx),
    reservations: createPostgresReservationStore(tx),
    publish,
  };
}
