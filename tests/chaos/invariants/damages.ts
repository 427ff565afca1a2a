import type { InvariantName, Holds } from '../invariants.ts';
import type { DatabaseName } from './reading.ts';

/** What of a healthy installation is there to be damaged. */
export interface Place {
  /** A confirmed order. */
  readonly order: string;
  /** The product of its first line. */
  readonly product: string;
  /** A rejected order. */
  readonly rejected: string;
  /** An order that was cancelled after it had been given its stock. */
  readonly released: string;
}

interface Statement {
  readonly database: DatabaseName;
  readonly text: string;
}

/** Something that must be found. */
interface Damage {
  readonly what: string;
  readonly invariant: InvariantName;
  readonly holds: Holds;
  readonly statements: (place: Place) => readonly Statement[];
  /** The ids of each violation. */
  readonly ids: (place: Place) => readonly (readonly string[])[];
}

const inOrders = (text: string): Statement => ({ database: 'orders', text });
const inProducts = (text: string): Statement => ({ database: 'products', text });
const inUsers = (text: string): Statement => ({ database: 'users', text });

const itsProduct: Damage['ids'] = ({ product }) => [[product]];
const itsOrder: Damage['ids'] = ({ order }) => [[order]];

/** An order and a product that nobody knows. */
const stranger = '5f0e0a3c-6a57-4c39-9d1f-0c6f1f6a7f11';

const step = (order: string, sequence: number, status: string): Statement =>
  inOrders(
    `insert into order_events (order_id, sequence, status, occurred_at, customer_id)
     select id, ${sequence}, '${status}', now(), customer_id from orders where id = '${order}'`,
  );
const status = (order: string, now: string): Statement =>
  inOrders(`update orders set status = '${now}' where id = '${order}'`);
const state = (order: string, now: string): Statement =>
  inProducts(`update reservations set state = '${now}' where order_id = '${order}'`);

/** Each invariant, violated in every way that it tells apart. */
export const damages: readonly Damage[] = [
  {
    what: 'a stock that its ledger does not explain',
    invariant: 'stock-equals-ledger',
    holds: 'always',
    statements: ({ product }) => [
      inProducts(`update stock set on_hand = on_hand + 1 where product_id = '${product}'`),
    ],
    ids: itsProduct,
  },
  {
    what: 'a reservation that the ledger does not have',
    invariant: 'stock-equals-ledger',
    holds: 'always',
    statements: ({ product }) => [
      inProducts(`update stock set reserved = reserved - 1 where product_id = '${product}'`),
    ],
    ids: itsProduct,
  },
  {
    what: 'a gap in the ledger',
    invariant: 'stock-equals-ledger',
    holds: 'always',
    statements: ({ product }) => [
      inProducts(
        `update stock_ledger set stock_version = stock_version + 1
         where product_id = '${product}' and stock_version = (select version from stock where product_id = '${product}')`,
      ),
      inProducts(`update stock set version = version + 1 where product_id = '${product}'`),
    ],
    ids: itsProduct,
  },
  {
    what: 'more reserved than is on hand',
    invariant: 'stock-within-bounds',
    holds: 'always',
    statements: ({ product }) => [
      inProducts('alter table stock drop constraint stock_covers_reserved'),
      inProducts(`update stock set reserved = on_hand + 1 where product_id = '${product}'`),
    ],
    ids: itsProduct,
  },
  {
    what: 'less than nothing in the past',
    invariant: 'stock-within-bounds',
    holds: 'always',
    statements: ({ product }) => [
      inProducts(
        `update stock_ledger set reserved_change = reserved_change - 5 where product_id = '${product}' and stock_version = 1`,
      ),
      inProducts(
        `update stock_ledger set reserved_change = reserved_change + 5 where product_id = '${product}' and stock_version = 2`,
      ),
    ],
    ids: itsProduct,
  },
  {
    what: 'stock reserved for nobody',
    invariant: 'reserved-equals-reservations',
    holds: 'always',
    statements: ({ product }) => [
      inProducts(`update stock set reserved = reserved + 1 where product_id = '${product}'`),
    ],
    ids: itsProduct,
  },
  {
    what: 'stock set aside twice for one order',
    invariant: 'reservation-moves-stock-once',
    holds: 'always',
    statements: ({ order, product }) => [
      inProducts(
        `insert into stock_ledger (product_id, stock_version, kind, on_hand_change, reserved_change, reason, order_id, created_at)
         select product_id, 1000, kind, on_hand_change, reserved_change, reason, order_id, created_at
         from stock_ledger where order_id = '${order}' and product_id = '${product}'`,
      ),
    ],
    ids: ({ order, product }) => [[order, product]],
  },
  {
    what: 'stock given back that was not released',
    invariant: 'reservation-moves-stock-once',
    holds: 'always',
    statements: ({ order, product }) => [
      inProducts(
        `insert into stock_ledger (product_id, stock_version, kind, on_hand_change, reserved_change, reason, order_id, created_at)
         select product_id, 1000, 'RELEASED', 0, -reserved_change, reason, order_id, created_at
         from stock_ledger where order_id = '${order}' and product_id = '${product}'`,
      ),
    ],
    ids: ({ order, product }) => [[order, product]],
  },
  {
    what: 'stock moved for an order without a reservation',
    invariant: 'reservation-moves-stock-once',
    holds: 'always',
    statements: ({ order, product }) => [
      inProducts(
        `update stock_ledger set order_id = '${stranger}'
         where order_id = '${order}' and product_id = '${product}'`,
      ),
      inProducts(`delete from reservation_lines where order_id = '${order}' and product_id = '${product}'`),
    ],
    ids: ({ product }) => [[stranger, product]],
  },
  {
    what: 'a gap in the history of an order',
    invariant: 'order-history-is-whole',
    holds: 'always',
    statements: ({ order }) => [
      inOrders(`update order_events set sequence = 3 where order_id = '${order}' and sequence = 2`),
      inOrders(`update orders set sequence = 3 where id = '${order}'`),
    ],
    ids: itsOrder,
  },
  {
    what: 'an order that was confirmed after its end',
    invariant: 'order-history-is-whole',
    holds: 'always',
    statements: ({ rejected }) => [
      step(rejected, 3, 'CONFIRMED'),
      inOrders(`update orders set status = 'CONFIRMED', sequence = 3 where id = '${rejected}'`),
    ],
    ids: ({ rejected }) => [[rejected]],
  },
  {
    what: 'a history that does not begin with PENDING',
    invariant: 'order-history-is-whole',
    holds: 'always',
    statements: ({ order }) => [
      inOrders(`delete from order_events where order_id = '${order}' and sequence = 1`),
      inOrders(`update order_events set sequence = 1 where order_id = '${order}'`),
      inOrders(`update orders set sequence = 1 where id = '${order}'`),
    ],
    ids: itsOrder,
  },
  {
    what: 'an order whose status is not its last step',
    invariant: 'order-history-is-whole',
    holds: 'always',
    statements: ({ order }) => [status(order, 'CANCELLED')],
    ids: itsOrder,
  },
  {
    what: 'a step that the order does not count',
    invariant: 'order-history-is-whole',
    holds: 'always',
    statements: ({ order }) => [inOrders(`update orders set sequence = 1 where id = '${order}'`)],
    ids: itsOrder,
  },
  {
    what: 'an order without a history',
    invariant: 'order-history-is-whole',
    holds: 'always',
    statements: ({ order }) => [inOrders(`delete from order_events where order_id = '${order}'`)],
    ids: itsOrder,
  },
  {
    what: 'an order without lines',
    invariant: 'order-lines-add-up',
    holds: 'always',
    statements: ({ order }) => [inOrders(`delete from order_items where order_id = '${order}'`)],
    ids: itsOrder,
  },
  {
    what: 'a total that is not the sum of the lines',
    invariant: 'order-lines-add-up',
    holds: 'always',
    statements: ({ order }) => [
      inOrders(`update orders set total_amount = total_amount + 1 where id = '${order}'`),
    ],
    ids: itsOrder,
  },
  {
    what: 'two orders for one key',
    invariant: 'order-is-placed-once',
    holds: 'always',
    statements: ({ order }) => [
      inOrders('drop index orders_idempotency_key'),
      inOrders(`create temporary table doubled on commit drop as select * from orders where id = '${order}'`),
      inOrders(`update doubled set id = '${stranger}', created_at = created_at + interval '1 second'`),
      inOrders('insert into orders select * from doubled'),
    ],
    ids: ({ order }) => [[order, stranger]],
  },
  {
    what: 'an order that is pending after its deadline',
    invariant: 'order-does-not-outwait-its-deadline',
    holds: 'soon',
    statements: ({ order }) => [
      inOrders(
        `update orders set status = 'PENDING', expires_at = now() - interval '2 minutes' where id = '${order}'`,
      ),
    ],
    ids: itsOrder,
  },
  {
    what: 'an order that is pending',
    invariant: 'order-is-settled',
    holds: 'at rest',
    statements: ({ order }) => [status(order, 'PENDING')],
    ids: itsOrder,
  },
  {
    what: 'a confirmed order that holds nothing',
    invariant: 'reservation-fits-its-order',
    holds: 'always',
    statements: ({ order }) => [
      inProducts(`delete from reservation_lines where order_id = '${order}'`),
      inProducts(`delete from reservations where order_id = '${order}'`),
    ],
    ids: itsOrder,
  },
  {
    what: 'a confirmed order that was refused its stock',
    invariant: 'reservation-fits-its-order',
    holds: 'always',
    statements: ({ order }) => [state(order, 'REJECTED')],
    ids: itsOrder,
  },
  {
    what: 'a rejected order that holds stock',
    invariant: 'reservation-fits-its-order',
    holds: 'always',
    statements: ({ order }) => [status(order, 'REJECTED')],
    ids: itsOrder,
  },
  {
    what: 'a reservation of other products than were ordered',
    invariant: 'reservation-fits-its-order',
    holds: 'always',
    statements: ({ order, product }) => [
      inProducts(
        `update reservation_lines set quantity = quantity + 1 where order_id = '${order}' and product_id = '${product}'`,
      ),
    ],
    ids: itsOrder,
  },
  {
    what: 'a reservation without an order',
    invariant: 'reservation-fits-its-order',
    holds: 'always',
    statements: () => [
      inProducts(
        `insert into reservations (order_id, state, created_at, updated_at) values ('${stranger}', 'REJECTED', now(), now())`,
      ),
    ],
    ids: () => [[stranger]],
  },
  {
    what: 'a cancelled order that still holds stock',
    invariant: 'reservation-follows-its-order',
    holds: 'soon',
    statements: ({ released }) => [state(released, 'RESERVED')],
    ids: ({ released }) => [[released]],
  },
  {
    what: 'an expired order that products has never heard of',
    invariant: 'reservation-follows-its-order',
    holds: 'soon',
    statements: ({ order }) => [
      status(order, 'EXPIRED'),
      inProducts(`delete from reservation_lines where order_id = '${order}'`),
      inProducts(`delete from reservations where order_id = '${order}'`),
    ],
    ids: itsOrder,
  },
  {
    what: 'a confirmed order whose stock was given back',
    invariant: 'reservation-follows-its-order',
    holds: 'soon',
    statements: ({ order }) => [state(order, 'RELEASED')],
    ids: itsOrder,
  },
  {
    what: 'more reserved than confirmed orders have',
    invariant: 'reserved-equals-confirmed-orders',
    holds: 'at rest',
    statements: ({ product }) => [
      inProducts(`update stock set reserved = reserved + 1 where product_id = '${product}'`),
    ],
    ids: itsProduct,
  },
  {
    what: 'a price that orders has not heard of',
    invariant: 'catalogue-follows-products',
    holds: 'soon',
    statements: ({ product }) => [
      inProducts(
        `update products set price_amount = price_amount + 1, version = version + 1 where id = '${product}'`,
      ),
    ],
    ids: itsProduct,
  },
  {
    what: 'a product that orders does not know',
    invariant: 'catalogue-follows-products',
    holds: 'soon',
    statements: ({ product }) => [inOrders(`delete from catalogue where product_id = '${product}'`)],
    ids: itsProduct,
  },
  {
    what: 'an order that users does not know',
    invariant: 'order-summaries-follow-orders',
    holds: 'soon',
    statements: ({ order }) => [inUsers(`delete from order_standings where order_id = '${order}'`)],
    ids: itsOrder,
  },
  {
    what: 'a cancellation that users has not heard of',
    invariant: 'order-summaries-follow-orders',
    holds: 'soon',
    statements: ({ released }) => [
      inUsers(`update order_standings set status = 'CONFIRMED', sequence = 2 where order_id = '${released}'`),
    ],
    ids: ({ released }) => [[released]],
  },
  {
    what: 'an event that was not sent',
    invariant: 'outbox-is-sent',
    holds: 'soon',
    statements: () => [
      inProducts(
        `insert into outbox (event, last_error) values ('{"type":"products.stock-changed.v1","id":"${stranger}"}', 'no')`,
      ),
    ],
    ids: () => [[stranger]],
  },
  {
    what: 'an event that a consumer has not taken',
    invariant: 'events-are-accounted-for',
    holds: 'at rest',
    statements: () => [inProducts('delete from inbox where ctid in (select ctid from inbox limit 1)')],
    ids: () => [['products']],
  },
  {
    what: 'an event that took effect twice',
    invariant: 'events-are-accounted-for',
    holds: 'at rest',
    statements: () => [inOrders(`insert into inbox (consumer, event_id) values ('orders', '${stranger}')`)],
    ids: () => [['orders']],
  },
];
