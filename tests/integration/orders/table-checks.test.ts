import { beforeAll, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { keepCatalogueEntry } from '../../../subgraphs/orders/src/persistence/postgres-catalogue.ts';
import { createStorage } from '../../../subgraphs/orders/src/storage.ts';
import { describeOnEveryDatabase } from '../../support/databases.ts';
import { insert, newOrder, ordersMigrations } from './support/stored-orders.ts';

describeOnEveryDatabase('the tables of orders', ordersMigrations, (subject) => {
  beforeAll(async () => {
    const order = newOrder();
    await createStorage(subject.database).orders.transaction((tx) => insert(tx, order));
    const { productId, name, unitPrice: price } = order.items[0]!;
    await keepCatalogueEntry(subject.database.query, { productId, name, price, archived: false }, 1);
  });

  it.each([
    ['orders', 'status', `'LOST'`],
    ['orders', 'sequence', '0'],
    ['orders', 'total_amount', '-1'],
    ['orders', 'total_currency', `'usd'`],
    ['order_items', 'quantity', '0'],
    ['order_items', 'unit_amount', '-1'],
    ['order_items', 'currency', `'EURO'`],
    ['order_events', 'sequence', '0'],
    ['order_events', 'status', `''`],
    ['catalogue', 'price_amount', '-1'],
    ['catalogue', 'currency', `'U$D'`],
  ])('refuse in %s a %s of %s, which no order has', async (table, column, value) => {
    const update = sql.raw(`update ${table} set ${column} = ${value}`);
    await expect(subject.database.query.execute(update)).rejects.toMatchObject({
      constraint: `${table}_${column}`,
    });
  });
});
