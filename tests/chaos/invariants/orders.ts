import { rowsOf, type Invariant } from './invariant.ts';

/** What the database of orders promises by itself. */
export const orderInvariants = [
  {
    name: 'order-history-is-whole',
    sentence:
      'The steps of an order are numbered from 1 without a gap, follow the allowed transitions from PENDING on, and end with its status.',
    holds: 'always',
    find: rowsOf(
      'orders',
      // The transitions stand here once more, so that a wrong one in the product is found.
      `with allowed (origin, target) as (
         values ('', 'PENDING'), ('PENDING', 'CONFIRMED'), ('PENDING', 'REJECTED'), ('PENDING', 'CANCELLED'),
           ('PENDING', 'EXPIRED'), ('CONFIRMED', 'CANCELLED')
       ), step as (
         select order_id, sequence, status, lag(status, 1, '') over steps as origin, row_number() over steps as number
         from order_events window steps as (partition by order_id order by sequence)
       ), history as (
         select order_id, string_agg(sequence || ' ' || step.status, ', ' order by sequence) as steps,
           max(sequence) as last, (array_agg(step.status order by sequence desc))[1] as status,
           bool_and(sequence = number and target is not null) as is_whole
         from step left join allowed on allowed.origin = step.origin and allowed.target = step.status
         group by order_id
       )
       select jsonb_build_array(id) as ids,
         format('order %s is %s at step %s; its history is %s', id, o.status, o.sequence, coalesce(steps, 'missing')) as sentence
       from orders o left join history h on h.order_id = o.id
       where is_whole is not true or h.status <> o.status or h.last <> o.sequence`,
    ),
  },
  {
    name: 'order-lines-add-up',
    sentence: 'An order has lines, and its total is their sum.',
    holds: 'always',
    find: rowsOf(
      'orders',
      `with sums as (
         select order_id, sum(quantity::bigint * unit_amount) as amount, min(currency) as lowest, max(currency) as highest
         from order_items group by order_id
       )
       select jsonb_build_array(id) as ids,
         format('order %s costs %s %s; its lines add up to %s %s', id, total_amount, total_currency,
           coalesce(amount::text, 'nothing'), highest) as sentence
       from orders left join sums on order_id = id
       where (amount, lowest, highest) is distinct from (total_amount::numeric, total_currency, total_currency)`,
    ),
  },
  {
    name: 'order-is-placed-once',
    sentence: 'A customer has one order for an idempotency key.',
    holds: 'always',
    find: rowsOf(
      'orders',
      `select jsonb_agg(id order by created_at, id) as ids,
         format('customer %s has %s orders for the key %s: %s', customer_id, count(*), idempotency_key,
           string_agg(id::text, ', ' order by created_at, id)) as sentence
       from orders group by customer_id, idempotency_key having count(*) > 1`,
    ),
  },
  {
    name: 'order-does-not-outwait-its-deadline',
    sentence: 'No order is pending after its deadline.',
    holds: 'soon',
    find: rowsOf(
      'orders',
      `select jsonb_build_array(id) as ids,
         format('order %s is pending though its deadline was %s', id, expires_at) as sentence
       from orders where status = 'PENDING' and expires_at < now() - interval '1 minute'`,
    ),
  },
  {
    name: 'order-is-settled',
    sentence: 'No order is pending.',
    holds: 'at rest',
    find: rowsOf(
      'orders',
      `select jsonb_build_array(id) as ids,
         format('order %s is pending since %s', id, created_at) as sentence
       from orders where status = 'PENDING'`,
    ),
  },
] as const satisfies readonly Invariant[];
