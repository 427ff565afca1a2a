import type { Reading } from './reading.ts';
import { sideBySide } from './side-by-side.ts';
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

const states = {
  orders: 'select id, status from orders',
  reservations: 'select order_id as id, state from reservations',
};

const statesAndLines = {
  orders: `
    select id, status, (
      select string_agg(product_id || ' ' || quantity, ', ' order by product_id)
      from (select product_id, sum(quantity) as quantity from order_items where order_id = id group by product_id) as line
    ) as lines
    from orders`,
  reservations: `
    select order_id as id, state, (
      select string_agg(product_id || ' ' || quantity, ', ' order by product_id)
      from reservation_lines where order_id = reservations.order_id
    ) as lines
    from reservations`,
};

/**
 * Joins the orders with the reservations of the other database. An order is read before its reservation: what it says about an answer of products
 * was then true of the reservation already.
 * @param what is read; with the lines it takes several times as long.
 */
export async function* ordersBesideReservations(
  { orders, products }: Reading,
  what: 'states' | 'states and lines',
): AsyncGenerator<OrderBesideReservation> {
  const queries = what === 'states' ? states : statesAndLines;
  const pairs = sideBySide(
    { reader: orders, query: queries.orders },
    { reader: products, query: queries.reservations },
  );
  for await (const { id, owned, kept } of pairs) {
    // It may have been placed since the page was read.
    const order = owned ?? (await orders.query(`${queries.orders} where id = ${quoted(id)}`))[0];
    yield {
      id,
      status: textOf(order?.['status']),
      wanted: textOf(order?.['lines']),
      state: textOf(kept?.['state']),
      held: textOf(kept?.['lines']),
    };
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
