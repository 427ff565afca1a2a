import type { Reading } from './reading.ts';
import { quoted } from './sql-text.ts';

/** An order and what products keeps for it. */
export interface OrderBesideReservation {
  readonly id: string;
  /** Undefined: there is no such order. */
  readonly status: string | undefined;
  /** What was ordered, as text: product ids and quantities, in the order of the ids. Undefined: nothing. */
  readonly wanted: string | undefined;
  /** Undefined: products knows nothing of the order. */
  readonly state: string | undefined;
  /** What was set aside at some time, as text like `wanted`. */
  readonly held: string | undefined;
}

interface Row {
  readonly id: string;
  readonly state: string;
  readonly lines: string | null;
}

/** So many that a round trip does not count, and so few that memory does not. */
const pageSize = 20_000;

/**
 * Joins the orders with the reservations of the other database, in pages by id. Orders are read before their reservations: what an order says about
 * an answer of products was then true of the reservation already.
 */
export async function* ordersBesideReservations(reading: Reading): AsyncGenerator<OrderBesideReservation> {
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const orders = await readOrders(reading, `id > ${quoted(after)} order by id limit ${pageSize}`);
    const last = orders.length < pageSize ? undefined : orders.at(-1)?.id;
    const range = `order_id > ${quoted(after)}${last === undefined ? '' : ` and order_id <= ${quoted(last)}`}`;
    const reservations = new Map((await readReservations(reading, range)).map((row) => [row.id, row]));
    yield* orders.map((order) => beside(order, reservations.get(order.id)));

    for (const { id } of orders) reservations.delete(id);
    yield* await withoutOrder(reading, reservations);
    if (last === undefined) return;
    after = last;
  }
}

/** Looks again for the orders of what is left: they may have been placed since the page was read. */
async function withoutOrder(
  reading: Reading,
  reservations: ReadonlyMap<string, Row>,
): Promise<OrderBesideReservation[]> {
  if (reservations.size === 0) return [];
  const found = await readOrders(reading, `id in (${[...reservations.keys()].map(quoted).join(', ')})`);
  const known = new Set(found.map(({ id }) => id));
  return [...reservations.values()]
    .filter(({ id }) => !known.has(id))
    .map((row) => ({ ...beside(undefined, row), id: row.id }));
}

function beside(order: Row | undefined, reservation: Row | undefined): OrderBesideReservation {
  return {
    id: order?.id ?? '',
    status: order?.state,
    wanted: order?.lines ?? undefined,
    state: reservation?.state,
    held: reservation?.lines ?? undefined,
  };
}

async function readOrders({ orders }: Reading, condition: string): Promise<Row[]> {
  const rows = await orders.query(
    `select id, status as state, (
       select string_agg(product_id || ' ' || quantity, ', ' order by product_id)
       from (select product_id, sum(quantity) as quantity from order_items where order_id = id group by product_id) as line
     ) as lines
     from orders where ${condition}`,
  );
  return rows as unknown as Row[];
}

async function readReservations({ products }: Reading, condition: string): Promise<Row[]> {
  const rows = await products.query(
    `select order_id as id, state, (
       select string_agg(product_id || ' ' || quantity, ', ' order by product_id)
       from reservation_lines l where l.order_id = r.order_id
     ) as lines
     from reservations r where ${condition}`,
  );
  return rows as unknown as Row[];
}
