import { rowsOf, type Invariant } from './invariant.ts';

/** What the database of products promises by itself. Each of its changes is one transaction, so all of it holds always. */
export const stockInvariants = [
  {
    name: 'stock-equals-ledger',
    sentence: 'On hand and reserved are the sums of the stock ledger, whose versions have no gap.',
    holds: 'always',
    find: rowsOf(
      'products',
      `with ledger as (
         select product_id, sum(on_hand_change) as on_hand, sum(reserved_change) as reserved,
           count(*) as changes, min(stock_version) as first, max(stock_version) as last
         from stock_ledger group by product_id
       )
       select jsonb_build_array(product_id) as ids,
         format('product %s has %s on hand and %s reserved at version %s; its ledger says %s and %s, in %s changes numbered %s to %s',
           product_id, s.on_hand, s.reserved, s.version, l.on_hand, l.reserved, coalesce(l.changes, 0), l.first, l.last) as sentence
       from stock s full join ledger l using (product_id)
       where (s.on_hand, s.reserved, s.version) is distinct from (l.on_hand::int, l.reserved::int, l.last)
         or l.first <> 1 or l.changes <> l.last`,
    ),
  },
  {
    name: 'stock-within-bounds',
    sentence: 'No product ever has less than nothing reserved, or more reserved than is on hand.',
    holds: 'always',
    find: rowsOf(
      'products',
      `with history as (
         select product_id, stock_version,
           sum(on_hand_change) over steps as on_hand, sum(reserved_change) over steps as reserved
         from stock_ledger window steps as (partition by product_id order by stock_version)
         union all
         select product_id, version, on_hand, reserved from stock
       )
       select jsonb_build_array(product_id) as ids,
         format('product %s has %s reserved of %s on hand at version %s', product_id, reserved, on_hand, stock_version) as sentence
       from (select distinct * from history where reserved < 0 or reserved > on_hand) as broken
       order by product_id, stock_version`,
    ),
  },
  {
    name: 'reserved-equals-reservations',
    sentence: 'What is reserved of a product is the sum of the reservations that hold it.',
    holds: 'always',
    find: rowsOf(
      'products',
      `with held as (
         select product_id, sum(quantity) as quantity
         from reservation_lines join reservations using (order_id)
         where state = 'RESERVED' group by product_id
       )
       select jsonb_build_array(product_id) as ids,
         format('product %s has %s reserved; its reservations hold %s', product_id, reserved, coalesce(quantity, 0)) as sentence
       from stock left join held using (product_id)
       where reserved <> coalesce(quantity, 0)`,
    ),
  },
  {
    name: 'reservation-moves-stock-once',
    sentence:
      'The ledger has one entry for each product that an order was given, and one more when it was given back.',
    holds: 'always',
    find: rowsOf(
      'products',
      `with moved as (
         select order_id, product_id,
           count(*) filter (where kind = 'RESERVED') as takings,
           count(*) filter (where kind = 'RELEASED') as returns,
           coalesce(sum(reserved_change) filter (where kind = 'RESERVED'), 0) as taken,
           coalesce(sum(reserved_change) filter (where kind = 'RELEASED'), 0) as returned
         from stock_ledger where order_id is not null group by order_id, product_id
       ), wanted as (
         select order_id, product_id, quantity, state from reservation_lines join reservations using (order_id)
       )
       select jsonb_build_array(order_id, product_id) as ids,
         format('order %s: its reservation is %s with %s of product %s; the ledger set aside %s in %s entries and gave back %s in %s',
           order_id, coalesce(state, 'missing'), coalesce(quantity, 0), product_id,
           coalesce(taken, 0), coalesce(takings, 0), coalesce(-returned, 0), coalesce(returns, 0)) as sentence
       from wanted full join moved using (order_id, product_id)
       where (takings, taken, returns, returned) is distinct from
         (1::bigint, quantity::bigint, (case state when 'RELEASED' then 1 else 0 end)::bigint,
          (case state when 'RELEASED' then -quantity else 0 end)::bigint)
         or state = 'REJECTED'`,
    ),
  },
] as const satisfies readonly Invariant[];
