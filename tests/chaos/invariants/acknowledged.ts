import type { Finding, Invariant } from './invariant.ts';
import type { Acknowledged } from './reading.ts';
import { inBatches, quoted } from './sql-text.ts';

/** What holds of everything that clients were told: it exists, exactly once. */
export function acknowledgedInvariants({ orders, cancellations, stockChanges }: Acknowledged) {
  return [
    {
      name: 'acknowledged-order-exists-once',
      sentence: 'Every order that was acknowledged is the one order of its customer and key.',
      holds: 'always',
      find: (reading) =>
        inBatches(orders, async (batch) => {
          const told = batch.map((order) =>
            [order.id, order.customerId, order.idempotencyKey].map(quoted).join(', '),
          );
          const rows = await reading.orders.query(
            `select told.id, customer, key, jsonb_agg(o.id order by o.id) filter (where o.id is not null) as found
             from (values (${told.join('), (')})) as told (id, customer, key)
             left join orders o on o.customer_id = customer::uuid and o.idempotency_key = key
             group by told.id, customer, key
             having count(distinct o.id) <> 1 or min(o.id::text) <> told.id`,
          );
          return (rows as unknown as OrderRow[]).map(({ id, customer, key, found }): Finding => {
            const others = found ?? [];
            return {
              ids: [id, ...others.filter((other) => other !== id)],
              sentence: `order ${id} was acknowledged to customer ${customer} for the key ${key}; there is ${others.join(' and ') || 'none'}`,
            };
          });
        }),
    },
    {
      name: 'acknowledged-cancellation-stands',
      sentence: 'Every order whose cancellation was acknowledged is cancelled.',
      holds: 'always',
      find: (reading) =>
        inBatches(cancellations, async (batch) => {
          const rows = await reading.orders.query(
            `select told.id, coalesce(status, 'missing') as status
             from (values (${batch.map(quoted).join('), (')})) as told (id) left join orders o on o.id = told.id::uuid
             where status is distinct from 'CANCELLED'`,
          );
          return (rows as unknown as CancellationRow[]).map(({ id, status }): Finding => ({
            ids: [id],
            sentence: `order ${id} was acknowledged as cancelled; it is ${status}`,
          }));
        }),
    },
    {
      name: 'acknowledged-stock-change-exists-once',
      sentence: 'Every change of stock that was acknowledged is in the ledger once.',
      holds: 'always',
      find: (reading) =>
        inBatches(stockChanges, async (batch) => {
          const told = batch.map(
            ({ productId, reason, onHandChange }) =>
              `${quoted(productId)}::uuid, ${quoted(reason)}, ${Math.trunc(onHandChange)}`,
          );
          const rows = await reading.products.query(
            `select told.product_id as id, told.reason, change, count(l.id)::int as entries
             from (values (${told.join('), (')})) as told (product_id, reason, change)
             left join stock_ledger l on l.product_id = told.product_id and l.reason = told.reason
               and l.on_hand_change = change and l.kind = 'ADJUSTED'
             group by told.product_id, told.reason, change having count(l.id) <> 1`,
          );
          return (rows as unknown as StockChangeRow[]).map(({ id, reason, change, entries }): Finding => ({
            ids: [id],
            sentence: `a change of product ${id} by ${change} ("${reason}") was acknowledged; the ledger has it ${entries} times`,
          }));
        }),
    },
  ] as const satisfies readonly Invariant[];
}

interface OrderRow {
  readonly id: string;
  readonly customer: string;
  readonly key: string;
  readonly found: readonly string[] | null;
}

interface CancellationRow {
  readonly id: string;
  readonly status: string;
}

interface StockChangeRow {
  readonly id: string;
  readonly reason: string;
  readonly change: number;
  readonly entries: number;
}
