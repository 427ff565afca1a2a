import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { waitFor } from '../../support/wait-for.ts';
import { addProduct, admin, dataOf, describeProductsService } from './products-under-test.ts';

describeProductsService('the catalogue', (products) => {
  it('takes an emoji, new lines and a price of 0', async () => {
    const id = await addProduct(products, {
      name: 'Lamp 💡',
      description: 'Two\nlines',
      price: { amount: 0, currency: 'JPY' },
    });

    const data = await dataOf(
      products,
      'query ($id: ID!) { product(id: $id) { name description price { amount currency } } }',
      { id },
    );

    expect(data).toEqual({
      product: { name: 'Lamp 💡', description: 'Two\nlines', price: { amount: 0, currency: 'JPY' } },
    });
  });

  it('shows the stock as each of several changes in one request left it', async () => {
    const productId = await addProduct(products);

    const data = await dataOf(
      products,
      `mutation ($input: AdjustStockInput!) {
        first: adjustStock(input: $input) { product { stock { onHand } } }
        second: adjustStock(input: $input) { product { stock { onHand } } }
      }`,
      { input: { productId, change: 5, reason: 'delivery' } },
    );

    expect(data).toMatchObject({
      first: { product: { stock: { onHand: 5 } } },
      second: { product: { stock: { onHand: 10 } } },
    });
  });

  it('takes null for an initial stock of none', async () => {
    const id = await addProduct(products, { initialStock: null });

    const data = await dataOf(products, 'query ($id: ID!) { product(id: $id) { stock { onHand } } }', { id });

    expect(data).toEqual({ product: { stock: { onHand: 0 } } });
  });

  describe('listing products', () => {
    it('orders them by name where the order is null or left out', async () => {
      const list = 'query ($sort: ProductSort) { products(first: 100, sort: $sort) { nodes { id } } }';
      const byName = await dataOf(products, list, { sort: 'NAME' });

      expect(await dataOf(products, list, { sort: null })).toEqual(byName);
      expect(await dataOf(products, list)).toEqual(byName);
    });

    it.each<[string, string, string]>([
      ['first: 0', 'first', ''],
      ['first: 101', 'first', ''],
      ['last: -1', 'last', ''],
      ['first: 1, last: 1', 'last', ''],
      ['after: "nonsense"', 'after', ''],
      ['filter: { minPrice: 2, maxPrice: 1 }', 'filter.minPrice', ''],
      [`filter: { text: "${'x'.repeat(101)}" }`, 'filter.text', ''],
      ['filter: { text: "a\\u0000" }', 'filter.text', ''],
    ])('refuses (%s), naming %s', async (args, argument) => {
      const { errors } = await products.ask(`{ products(${args}) { nodes { id } } }`, {}, admin);
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument });
    });

    it('refuses a ledger of 101 entries', async () => {
      const { errors } = await products.ask(
        '{ products(first: 1) { nodes { stock { ledger(first: 101) { nodes { id } } } } } }',
        {},
        admin,
      );
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'first' });
    });

    it('finds nothing in a category that cannot be', async () => {
      const data = await dataOf(products, '{ products(filter: { category: "a\\u0000" }) { nodes { id } } }');
      expect(data).toEqual({ products: { nodes: [] } });
    });

    it('finds the demonstration catalogue', async () => {
      const data = await dataOf(
        products,
        '{ products(filter: { text: "wireless keyboard" }) { nodes { name price { amount currency } category { name } } } }',
      );
      expect(data).toEqual({
        products: {
          nodes: [
            {
              name: 'Wireless Keyboard',
              price: { amount: 4_999, currency: 'USD' },
              category: { name: 'Keyboards and mice' },
            },
          ],
        },
      });
    });
  });

  it('resolves references, null for the ones that nobody knows', async () => {
    const id = await addProduct(products);

    const data = await dataOf(
      products,
      'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Product { id name } } }',
      {
        representations: [id, randomUUID(), 'nonsense'].map((reference) => ({
          __typename: 'Product',
          id: reference,
        })),
      },
    );

    expect(data).toEqual({ _entities: [{ id, name: 'Lamp' }, null, null] });
  });

  it('tells of the demonstration products like of any other', async () => {
    await waitFor('the news of every demonstration product', () =>
      products.published.some(({ data }) => 'sku' in data && data.sku === 'CAL-WAL-01'),
    );
  });
});
