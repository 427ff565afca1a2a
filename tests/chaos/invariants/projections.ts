import type { Finding, Invariant } from './invariant.ts';
import type { Reading, SqlReader } from './reading.ts';

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
  // The copy first: what it has, the original had before.
  const copies = new Map((await keeper.query(kept)).map(({ id, text }) => [id as string, text as string]));
  const originals = new Map((await owner.query(owned)).map(({ id, text }) => [id as string, text as string]));
  return [...new Set([...originals.keys(), ...copies.keys()])]
    .filter((id) => originals.get(id) !== copies.get(id))
    .map((id) => ({
      ids: [id],
      sentence: `${what} ${id} is "${originals.get(id) ?? 'missing'}", and is known elsewhere as "${copies.get(id) ?? 'missing'}"`,
    }));
}
