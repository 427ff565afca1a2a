import type { ProductsEvent } from '../domain/products-event.ts';
import { decideReservation, type Offer, type OrderToReserve } from '../domain/reservation.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/**
 * Answers a placed order: sets all of its lines aside, or none and says why. Has no effect, and gives no answer, for an order of which
 * something is known: it was answered before, or it ended before it came here.
 */
export async function reserveStock(unit: UnitOfWork, order: OrderToReserve, now: Date): Promise<void> {
  const { orderId } = order;
  const decision = decideReservation(order, await findOffers(unit, order));
  switch (decision.kind) {
    case 'reserve': {
      const { lines, movements } = decision;
      if (!(await unit.reservations.add({ orderId, state: 'RESERVED', reason: null, lines }, now))) return;
      await unit.stock.record(movements, now);
      const changes = movements.map(({ stock, change }): ProductsEvent => ({
        kind: 'StockChanged',
        stock,
        reason: change.reason,
      }));
      return unit.publish([{ kind: 'StockReserved', orderId }, ...changes]);
    }
    case 'reject': {
      const { reason, lines } = decision;
      if (!(await unit.reservations.add({ orderId, state: 'REJECTED', reason, lines: [] }, now))) return;
      return unit.publish([{ kind: 'StockRejected', orderId, reason, lines }]);
    }
  }
}

/** What the order's products are like now. Stock first: once it is locked, nothing that is read after it is from before. */
async function findOffers(unit: UnitOfWork, order: OrderToReserve): Promise<Map<string, Offer>> {
  const productIds = [...new Set(order.lines.map(({ productId }) => productId))];
  const stocks = new Map((await unit.stock.lock(productIds)).map((stock) => [stock.productId, stock]));
  const offers = new Map<string, Offer>();
  for (const product of await unit.catalogue.find(productIds)) {
    const stock = stocks.get(product.id);
    if (stock !== undefined) offers.set(product.id, { product, stock });
  }
  return offers;
}
