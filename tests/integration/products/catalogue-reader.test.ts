import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { InvalidPageError, type PageRequest } from '@trellis/pagination';
import { describeOnEveryDatabase } from '../../support/databases.ts';
import { adjustStock } from '../../../subgraphs/products/src/application/adjust-stock.ts';
import { archiveProduct } from '../../../subgraphs/products/src/application/archive-product.ts';
import type {
  CatalogueReader,
  ProductOrder,
  ProductQuery,
} from '../../../subgraphs/products/src/application/catalogue-reader.ts';
import type { CreateProductInput } from '../../../subgraphs/products/src/application/create-product.ts';
import { searchWords } from '../../../subgraphs/products/src/domain/fold-text.ts';
import type { Product } from '../../../subgraphs/products/src/domain/product.ts';
import { addProduct, changesOf, emptyTables, migrations } from './stored-products.ts';
import { createPostgresCatalogueReader } from '../../../subgraphs/products/src/persistence/postgres-catalogue-reader.ts';

const everything: ProductQuery = { words: [] };

describeOnEveryDatabase('looking at the catalogue', migrations, (subject) => {
  const reader = (): CatalogueReader => createPostgresCatalogueReader(subject.database.query);
  const add = (overrides: Partial<CreateProductInput>) => addProduct(subject.database, overrides);
  const named = (name: string) => add({ name });
  const firstPage = (size: number): PageRequest => ({ direction: 'forward', size });

  async function names(query: Partial<ProductQuery>, order: ProductOrder = 'NAME'): Promise<string[]> {
    const { nodes } = await reader().listProducts({ ...everything, ...query }, order, firstPage(100));
    return nodes.map(({ name }) => name);
  }

  /** Walks a list page by page, from one end to the other. */
  async function walk(
    order: ProductOrder,
    direction: PageRequest['direction'],
    size: number,
  ): Promise<string[]> {
    const seen: string[] = [];
    let cursor: string | undefined;
    for (;;) {
      const page = await reader().listProducts(everything, order, {
        direction,
        size,
        ...(cursor === undefined ? {} : { cursor }),
      });
      const found = page.nodes.map(({ name }) => name);
      seen.splice(direction === 'forward' ? seen.length : 0, 0, ...found);
      const more = direction === 'forward' ? page.pageInfo.hasNextPage : page.pageInfo.hasPreviousPage;
      cursor = (direction === 'forward' ? page.pageInfo.endCursor : page.pageInfo.startCursor) ?? undefined;
      if (!more) return seen;
    }
  }

  describe('in an order', () => {
    beforeAll(async () => {
      await emptyTables(subject.database);
      for (const [name, amount] of [
        ['banana', 300],
        ['Apple', 100],
        ['Éclair', 200],
        ['cherry', 200],
        ['Zebra', 200],
      ] as const) {
        await add({ name, price: { amount, currency: 'USD' } });
      }
    });

    it('sorts names as people do, without regard to case and accents', async () => {
      expect(await names({}, 'NAME')).toEqual(['Apple', 'banana', 'cherry', 'Éclair', 'Zebra']);
    });

    it('sorts by price both ways, and by age', async () => {
      const cheapest = await names({}, 'PRICE_ASC');
      expect([cheapest[0], cheapest.at(-1)]).toEqual(['Apple', 'banana']);
      expect(await names({}, 'PRICE_DESC')).toEqual(cheapest.reverse());
      const newest = await names({}, 'NEWEST');
      expect([newest[0], newest.at(-1)]).toEqual(['Zebra', 'banana']);
    });

    it.each(['NAME', 'PRICE_ASC', 'PRICE_DESC', 'NEWEST'] as const)(
      'comes to every product once in pages of two by %s, from either end',
      async (order) => {
        const whole = await names({}, order);
        expect(await walk(order, 'forward', 2)).toEqual(whole);
        expect(await walk(order, 'backward', 2)).toEqual(whole);
      },
    );
  });

  describe('with a filter', () => {
    beforeAll(async () => {
      await emptyTables(subject.database);
      await add({
        name: 'USB-C Hub',
        sku: 'HUB-1',
        description: '100% solid, four_ports',
        category: 'hubs',
        price: usd(2_999),
      });
      await add({
        name: 'Wireless Keyboard',
        description: 'Ganz leise, für Büros',
        category: 'keyboards',
        price: usd(4_999),
        initialStock: 0,
      });
      await add({ name: 'Wired Keyboard 🎹', description: 'Loud', category: 'keyboards', price: usd(1_999) });
      const gone = await add({ name: 'Old Keyboard', category: 'keyboards' });
      await archiveProduct(changesOf(subject.database), gone.id);
    });

    it.each<[string, Partial<ProductQuery>, string[]]>([
      ['a category', { category: 'keyboards' }, ['Wired Keyboard 🎹', 'Wireless Keyboard']],
      ['a category that nobody opened', { category: 'sofas' }, []],
      ['a least price', { minPrice: 2_999 }, ['USB-C Hub', 'Wireless Keyboard']],
      ['a highest price', { maxPrice: 2_999 }, ['USB-C Hub', 'Wired Keyboard 🎹']],
      ['both', { minPrice: 2_999, maxPrice: 2_999 }, ['USB-C Hub']],
      ['what can be had', { available: true }, ['USB-C Hub', 'Wired Keyboard 🎹']],
      ['what cannot be had', { available: false }, ['Wireless Keyboard']],
      [
        'everything at once',
        { category: 'keyboards', maxPrice: 4_999, available: true, words: ['wired'] },
        ['Wired Keyboard 🎹'],
      ],
    ])('finds %s', async (_what, query, found) => {
      expect(await names(query)).toEqual(found);
    });

    it.each([
      ['KEYBOARD', ['Wired Keyboard 🎹', 'Wireless Keyboard']],
      ['keyboard leise', ['Wireless Keyboard']],
      ['buro', ['Wireless Keyboard']],
      ['hub-1', ['USB-C Hub']],
      ['🎹', ['Wired Keyboard 🎹']],
      ['keyboard hub', []],
      ['%', ['USB-C Hub']],
      ['four_ports', ['USB-C Hub']],
      ['_', ['USB-C Hub']],
      ['\\', []],
      ["' or 1=1 --", []],
    ])('searches for %p', async (text, found) => {
      expect(await names({ words: searchWords(text) })).toEqual(found);
    });

    it('leaves archived products out of the list and of the counts, and finds them by id', async () => {
      expect((await reader().countProducts(['keyboards', 'hubs', 'sofas'])).get('keyboards')).toBe(2);
      expect(await names({ words: ['old'] })).toEqual([]);
    });

    it('lists categories by name', async () => {
      expect(await reader().listCategories()).toEqual([
        { slug: 'hubs', name: 'Hubs' },
        { slug: 'keyboards', name: 'Keyboards' },
      ]);
    });
  });

  describe('page by page while the catalogue changes', () => {
    beforeEach(() => emptyTables(subject.database));

    it('neither repeats nor skips a product when others come before the place where the reader stands', async () => {
      for (const name of ['b', 'd', 'f', 'h']) await named(name);
      const first = await reader().listProducts(everything, 'NAME', firstPage(2));

      await named('a');
      await named('c');
      await named('e');

      const { nodes, pageInfo } = await reader().listProducts(everything, 'NAME', {
        direction: 'forward',
        size: 2,
        cursor: first.pageInfo.endCursor!,
      });
      expect(nodes.map(({ name }) => name)).toEqual(['e', 'f']);
      expect(pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
    });

    it('refuses a cursor whose price is more than any price', async () => {
      const cursor = Buffer.from(JSON.stringify([2 ** 40, randomUUID()])).toString('base64url');
      const reading = reader().listProducts(everything, 'PRICE_ASC', {
        direction: 'forward',
        size: 2,
        cursor,
      });
      await expect(reading).rejects.toThrow(InvalidPageError);
    });

    it.each([
      '',
      'nonsense',
      Buffer.from('[1]').toString('base64url'),
      Buffer.from('["a","b"]').toString('base64url'),
    ])('refuses the cursor %p', async (cursor) => {
      const reading = reader().listProducts(everything, 'NAME', { direction: 'forward', size: 2, cursor });
      await expect(reading).rejects.toThrow(InvalidPageError);
    });
  });

  describe("products' ledgers", () => {
    let keyboard: Product;
    let hub: Product;

    beforeAll(async () => {
      await emptyTables(subject.database);
      keyboard = await add({ initialStock: 1 });
      hub = await add({ initialStock: 2 });
      for (const change of [1, 2, 3]) {
        await adjustStock(changesOf(subject.database), {
          productId: keyboard.id,
          change,
          reason: `plus ${change}`,
        });
      }
    });

    it('are read together, each newest first', async () => {
      const ledgers = await reader().listLedgers([hub.id, keyboard.id], firstPage(2));

      expect(ledgers.get(keyboard.id)?.nodes).toMatchObject([
        { kind: 'ADJUSTED', onHandChange: 3, reason: 'plus 3' },
        { kind: 'ADJUSTED', onHandChange: 2, reason: 'plus 2' },
      ]);
      expect(ledgers.get(keyboard.id)?.pageInfo.hasNextPage).toBe(true);
      expect(ledgers.get(hub.id)?.nodes).toMatchObject([{ kind: 'INITIAL', onHandChange: 2 }]);
      expect(ledgers.get(hub.id)?.pageInfo.hasNextPage).toBe(false);
    });

    it('go on behind a cursor, and begin from the other end', async () => {
      const first = (await reader().listLedgers([keyboard.id], firstPage(2))).get(keyboard.id)!;
      const next = await reader().listLedgers([keyboard.id], {
        direction: 'forward',
        size: 2,
        cursor: first.pageInfo.endCursor!,
      });
      const oldest = await reader().listLedgers([keyboard.id], { direction: 'backward', size: 3 });

      expect(next.get(keyboard.id)?.nodes.map(({ reason }) => reason)).toEqual(['plus 1', 'Initial stock']);
      expect(oldest.get(keyboard.id)?.nodes.map(({ reason }) => reason)).toEqual([
        'plus 2',
        'plus 1',
        'Initial stock',
      ]);
    });

    it('are empty for a product that nobody knows', async () => {
      const unknown = randomUUID();
      expect((await reader().listLedgers([unknown], firstPage(2))).get(unknown)?.nodes).toEqual([]);
    });
  });
});

function usd(amount: number): { amount: number; currency: string } {
  return { amount, currency: 'USD' };
}
