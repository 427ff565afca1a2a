import type { Finding, Invariant } from './invariant.ts';
import { ordersBesideReservations, type OrderBesideReservation } from './orders-beside-reservations.ts';
import type { Reading } from './reading.ts';

/** How an order and its reservation go together: well; not yet, because an event is on its way; or never. */
type Agreement = 'agree' | 'not yet' | 'never';

type OrderStatus = 'PENDING' | 'CONFIRMED' | 'REJECTED' | 'CANCELLED' | 'EXPIRED';
type ReservationState = 'RESERVED' | 'REJECTED' | 'RELEASED' | 'missing';

/**
 * By the order's status, what products may keep of it. The order is read first and may go on before its reservation is read, so a pending
 * order goes with everything, and a confirmed one with stock that was given back.
 */
const agreements: Readonly<Record<OrderStatus, Readonly<Record<ReservationState, Agreement>>>> = {
  PENDING: { RESERVED: 'agree', REJECTED: 'agree', RELEASED: 'agree', missing: 'agree' },
  CONFIRMED: { RESERVED: 'agree', REJECTED: 'never', RELEASED: 'not yet', missing: 'never' },
  REJECTED: { RESERVED: 'never', REJECTED: 'agree', RELEASED: 'never', missing: 'never' },
  CANCELLED: { RESERVED: 'not yet', REJECTED: 'agree', RELEASED: 'agree', missing: 'not yet' },
  EXPIRED: { RESERVED: 'not yet', REJECTED: 'agree', RELEASED: 'agree', missing: 'not yet' },
};

/** What orders and products must agree on. */
export const agreementInvariants = [
  {
    name: 'reservation-fits-its-order',
    sentence: 'A reservation has an order, whose lines it holds and whose status it does not contradict.',
    holds: 'always',
    find(reading) {
      const pairs = ordersBesideReservations(reading, 'states and lines');
      const isWrong = (order: OrderBesideReservation) =>
        agreementOf(order) === 'never' || !holdsWhatWasOrdered(order);
      return findOrders(
        pairs,
        isWrong,
        ({ id, status, wanted, state, held }) =>
          `order ${id} is ${status ?? 'missing'} with ${wanted ?? 'nothing'}; its reservation is ${state ?? 'missing'} with ${held ?? 'nothing'}`,
      );
    },
  },
  {
    name: 'reservation-follows-its-order',
    sentence: 'A confirmed order holds its stock; one that was cancelled or expired has given it back.',
    holds: 'soon',
    find(reading) {
      const pairs = ordersBesideReservations(reading, 'states');
      return findOrders(
        pairs,
        (order) => agreementOf(order) === 'not yet',
        ({ id, status, state }) =>
          `order ${id} is ${status ?? 'missing'}; its reservation is ${state ?? 'missing'}`,
      );
    },
  },
  {
    name: 'reserved-equals-confirmed-orders',
    sentence: 'What is reserved of a product is what the confirmed orders have of it.',
    holds: 'at rest',
    find: compareReserved,
  },
] as const satisfies readonly Invariant[];

async function findOrders(
  pairs: AsyncIterable<OrderBesideReservation>,
  isWrong: (order: OrderBesideReservation) => boolean,
  sentenceOf: (order: OrderBesideReservation) => string,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for await (const order of pairs) {
    if (isWrong(order)) findings.push({ ids: [order.id], sentence: sentenceOf(order) });
  }
  return findings;
}

function agreementOf({ status, state }: OrderBesideReservation): Agreement {
  if (status === undefined) return 'never';
  return agreements[status as OrderStatus][(state ?? 'missing') as ReservationState];
}

/** An order whose end came to products before its placing was never given anything, and so was one that was rejected. */
function holdsWhatWasOrdered({ wanted, state, held }: OrderBesideReservation): boolean {
  switch (state) {
    case 'RESERVED':
      return held === wanted;
    case 'RELEASED':
      return held === undefined || held === wanted;
    default:
      return held === undefined;
  }
}

async function compareReserved({ orders, products }: Reading): Promise<Finding[]> {
  const ordered = await orders.query(
    `select product_id as id, sum(quantity)::int as quantity
     from order_items join orders on orders.id = order_id where status = 'CONFIRMED' group by product_id`,
  );
  const reserved = await products.query('select product_id as id, reserved as quantity from stock');
  const quantities = new Map(ordered.map(({ id, quantity }) => [id as string, Number(quantity)]));
  for (const { id } of reserved) if (!quantities.has(id as string)) quantities.set(id as string, 0);
  const held = new Map(reserved.map(({ id, quantity }) => [id as string, Number(quantity)]));
  return [...quantities]
    .filter(([id, quantity]) => held.get(id) !== quantity)
    .map(([id, quantity]) => ({
      ids: [id],
      sentence: `product ${id} has ${held.get(id) ?? 'no stock'} reserved; confirmed orders have ${quantity} of it`,
    }));
}
