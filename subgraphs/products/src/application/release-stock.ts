import type { ProductsEvent } from '../domain/products-event.ts';
import { releaseReservation, type EndReason } from '../domain/reservation.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/**
 * Gives back, once, what an order held that ended.
 *
 * Events of one order may overtake each other. When the end comes first, the order is marked as released here, so that its placing, when it
 * comes, sets nothing aside. It is not answered either: the order has ended, and nobody waits for an answer.
 * @param reason what ended the order.
 */
export async function releaseStock(
  unit: UnitOfWork,
  orderId: string,
  reason: EndReason,
  now: Date,
): Promise<void> {
  if (await unit.reservations.add({ orderId, state: 'RELEASED', reason, lines: [] }, now)) return;
  const reservation = await unit.reservations.lock(orderId);
  if (reservation?.state !== 'RESERVED') return;
  const stocks = await unit.stock.lock(reservation.lines.map(({ productId }) => productId));
  const movements = releaseReservation(reservation, new Map(stocks.map((stock) => [stock.productId, stock])));
  await unit.stock.record(movements, now);
  await unit.reservations.markReleased(orderId, reason, now);
  await unit.publish(
    movements.map(({ stock, change }): ProductsEvent => ({
      kind: 'StockChanged',
      stock,
      reason: change.reason,
    })),
  );
}
