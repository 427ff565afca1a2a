import type { Finding, Invariant } from './invariant.ts';
import type { Reading, SqlReader } from './reading.ts';
import { sideBySide } from './side-by-side.ts';

/** What a service keeps of another one's data is the same, once the events have arrived. */
export const projectionInvariants = [
  {
    name: 'catalogue-follows-products',
    sentence: 'Orders knows every product as products has it.',
    holds: 'soon',
    find: ({ orders, products }: Reading) =>
      compare(
        'product',
        products,
        `select id, concat_ws(' ', 'version', version, name, price_amount, price_currency, case when archived_at is not null then 'archived' end) as text
         from products`,
        orders,
        `select product_id as id, concat_ws(' ', 'version', version, name, price_amount, currency, case when archived then 'archived' end) as text
         from catalogue`,
      ),
  },
  {
    name: 'order-summaries-follow-orders',
    sentence: 'Users knows every order that was confirmed or cancelled as orders has it.',
    holds: 'soon',
    find: async ({ orders, users }: Reading) =>
      users === undefined
        ? []
        : compare(
            'order',
            orders,
            `select id, concat_ws(' ', status, 'at step', sequence, 'for', total_amount, total_currency, 'of', customer_id) as text
             from orders where status in ('CONFIRMED', 'CANCELLED')`,
            users,
            `select order_id as id, concat_ws(' ', status, 'at step', sequence, 'for', amount, currency, 'of', customer_id) as text
             from order_standings`,
          ),
  },
] as const satisfies readonly Invariant[];

/** Compares what two databases say of the same things. Each statement answers rows of `id` and `text`. */
async function compare(
  what: string,
  owner: SqlReader,
  owned: string,
  keeper: SqlReader,
  kept: string,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for await (const pair of sideBySide({ reader: owner, query: owned }, { reader: keeper, query: kept })) {
    const [original = 'missing', copy = 'missing'] = [pair.owned, pair.kept].map(
      (row) => row && String(row['text']),
    );
    if (original === copy) continue;
    findings.push({
      ids: [pair.id],
      sentence: `${what} ${pair.id} is "${original}", and is known elsewhere as "${copy}"`,
    });
  }
  return findings;
}
