import { randomUUID } from 'node:crypto';
import { beforeEach, expect, it } from '@jest/globals';
import { outbox } from '@trellis/outbox';
import { eq, sql } from 'drizzle-orm';
import { describeOnEveryDatabase } from '../../support/databases.ts';
import type { Product } from '../../../subgraphs/products/src/domain/product.ts';
import { maxOnHand } from '../../../subgraphs/products/src/domain/stock.ts';
import { createPostgresCatalogueReader } from '../../../subgraphs/products/src/persistence/postgres-catalogue-reader.ts';
import {
  categories,
  products,
  stock,
  stockLedger,
} from '../../../subgraphs/products/src/persistence/schema.ts';
import { addProduct, changesOf, emptyTables, eventsOf, migrations, productInput } from './stored-products.ts';
import { adjustStock } from '../../../subgraphs/products/src/application/adjust-stock.ts';
import { archiveProduct } from '../../../subgraphs/products/src/application/archive-product.ts';
import { createProduct } from '../../../subgraphs/products/src/application/create-product.ts';
import { demonstrationProducts } from '../../../subgraphs/products/src/application/demonstration-products.ts';
import { seedCatalogue } from '../../../subgraphs/products/src/application/seed-catalogue.ts';
import { updateProduct } from '../../../subgraphs/products/src/application/update-product.ts';

describeOnEveryDatabase('changing the catalogue', migrations, (subject) => {
  const changes = () => changesOf(subject.database);
  const add = (overrides = {}) => addProduct(subject.database, overrides);
  const published = () => eventsOf(subject.database);
  const forgetEvents = () => subject.database.query.delete(outbox);
  const count = async (table: typeof products | typeof categories | typeof stockLedger) =>
    (await subject.database.query.select({ one: sql`1` }).from(table)).length;

  async function setStock(product: Product, onHand: number, reserved: number): Promise<void> {
    await subject.database.query
      .update(stock)
      .set({ onHand, reserved })
      .where(eq(stock.productId, product.id));
  }

  beforeEach(() => emptyTables(subject.database));

  it('adds a product with its stock, its ledger and its category, and tells of it', async () => {
    const result = await createProduct(
      changes(),
      productInput({ sku: 'KEY-1', category: 'home-office', initialStock: 7 }),
    );

    expect(result).toMatchObject({ ok: true, value: { sku: 'KEY-1', version: 1, archivedAt: null } });
    const { id } = (result as { value: Product }).value;
    expect(await subject.database.query.select().from(categories)).toEqual([
      { slug: 'home-office', name: 'Home office' },
    ]);
    expect(await subject.database.query.select().from(stockLedger)).toMatchObject([
      { productId: id, stockVersion: 1, kind: 'INITIAL', onHandChange: 7, reservedChange: 0 },
    ]);
    expect(await published()).toMatchObject([
      {
        type: 'products.product-created.v1',
        subject: id,
        data: {
          productId: id,
          version: 1,
          sku: 'KEY-1',
          category: 'home-office',
          price: { amount: 4_999, currency: 'USD' },
        },
      },
      {
        type: 'products.stock-changed.v1',
        data: { productId: id, stockVersion: 1, onHand: 7, reserved: 0, available: 7 },
      },
    ]);
  });

  it('refuses a SKU that is taken, and leaves nothing of the attempt, not even its category', async () => {
    await add({ sku: 'KEY-1' });
    await forgetEvents();

    const result = await createProduct(changes(), productInput({ sku: 'KEY-1', category: 'new-shelf' }));

    expect(result).toMatchObject({ ok: false, errors: [{ code: 'SKU_TAKEN', field: ['input', 'sku'] }] });
    expect([await count(products), await count(categories), await count(stockLedger)]).toEqual([1, 1, 1]);
    expect(await published()).toEqual([]);
  });

  it('gives a SKU to one of ten who ask for it at the same moment', async () => {
    const results = await Promise.all(
      Array.from({ length: 10 }, () => createProduct(changes(), productInput({ sku: 'KEY-1' }))),
    );

    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(results.flatMap((result) => (result.ok ? [] : result.errors.map(({ code }) => code)))).toEqual(
      Array(9).fill('SKU_TAKEN'),
    );
    expect(await published()).toHaveLength(2);
  });

  it('changes a product and tells of all of it, with the next version', async () => {
    const { id, sku } = await add();
    await forgetEvents();

    const result = await updateProduct(changes(), {
      id,
      name: 'Keyboard II',
      category: 'new-shelf',
      description: null,
    });

    expect(result).toMatchObject({
      ok: true,
      value: { name: 'Keyboard II', description: 'Low-profile keys.', version: 2 },
    });
    expect(await published()).toMatchObject([
      {
        type: 'products.product-updated.v1',
        data: {
          productId: id,
          version: 2,
          sku,
          name: 'Keyboard II',
          category: 'new-shelf',
          price: { amount: 4_999, currency: 'USD' },
        },
      },
    ]);
  });

  it('finds a product by its new name, and no longer by its old one', async () => {
    const { id } = await add({ name: 'Typewriter', description: '' });
    await updateProduct(changes(), { id, name: 'Keyboard' });

    const search = async (word: string) =>
      (
        await createPostgresCatalogueReader(subject.database.query).listProducts({ words: [word] }, 'NAME', {
          direction: 'forward',
          size: 10,
        })
      ).nodes.length;
    expect([await search('typewriter'), await search('keyboard')]).toEqual([0, 1]);
  });

  it('tells nothing of a change that changes nothing', async () => {
    const { id, name } = await add();
    await forgetEvents();

    expect(await updateProduct(changes(), { id, name })).toMatchObject({ ok: true, value: { version: 1 } });
    expect(await published()).toEqual([]);
  });

  it('loses none of ten changes that are made at the same moment', async () => {
    const { id } = await add();

    await Promise.all(
      Array.from({ length: 10 }, (_, index) => updateProduct(changes(), { id, name: `Keyboard ${index}` })),
    );

    const [row] = await subject.database.query.select().from(products);
    expect(row?.version).toBe(11);
    const versions = (await published())
      .filter(({ type }) => type === 'products.product-updated.v1')
      .map(({ data }) => (data as { version: number }).version);
    expect(versions.sort((a, b) => a - b)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  it('archives a product once, however often it is told to', async () => {
    const { id } = await add();
    await forgetEvents();

    const [first, second] = [await archiveProduct(changes(), id), await archiveProduct(changes(), id)];

    expect(first).toMatchObject({ ok: true, value: { version: 2, archivedAt: expect.any(Date) } });
    expect(second).toEqual(first);
    expect(await published()).toMatchObject([{ type: 'products.product-archived.v1', data: { version: 2 } }]);
  });

  it('lets nobody change an archived product or its stock', async () => {
    const { id } = await add();
    await archiveProduct(changes(), id);
    await forgetEvents();

    expect(await updateProduct(changes(), { id, name: 'Again' })).toMatchObject({
      errors: [{ code: 'ARCHIVED', field: ['input', 'id'] }],
    });
    expect(await adjustStock(changes(), { productId: id, change: 1, reason: 'found one' })).toMatchObject({
      errors: [{ code: 'ARCHIVED', field: ['input', 'productId'] }],
    });
    expect(await published()).toEqual([]);
  });

  it('adjusts stock down to what is reserved and no further', async () => {
    const product = await add();
    await setStock(product, 10, 4);
    await forgetEvents();

    expect(
      await adjustStock(changes(), { productId: product.id, change: -7, reason: 'broken' }),
    ).toMatchObject({
      errors: [{ code: 'INSUFFICIENT_STOCK', field: ['input', 'change'] }],
    });
    expect(await published()).toEqual([]);
    expect(
      await adjustStock(changes(), { productId: product.id, change: -6, reason: 'broken' }),
    ).toMatchObject({ ok: true });
    expect(await published()).toMatchObject([
      {
        type: 'products.stock-changed.v1',
        data: { stockVersion: 2, onHand: 4, reserved: 4, available: 0, reason: 'broken' },
      },
    ]);
  });

  it('keeps what is on hand within its limit', async () => {
    const product = await add();
    await setStock(product, maxOnHand - 5, 0);

    expect(
      await adjustStock(changes(), { productId: product.id, change: 6, reason: 'delivery' }),
    ).toMatchObject({
      errors: [{ code: 'OUT_OF_RANGE', field: ['input', 'change'] }],
    });
  });

  it('loses none of twenty adjustments that are made at the same moment', async () => {
    const { id } = await add({ initialStock: 0 });

    await Promise.all(
      Array.from({ length: 20 }, () =>
        adjustStock(changes(), { productId: id, change: 1, reason: 'one more' }),
      ),
    );

    expect(await subject.database.query.select().from(stock)).toMatchObject([{ onHand: 20, version: 21 }]);
  });

  it.each(['not-an-id', randomUUID()])('knows no product %p', async (id) => {
    const notFound = (field: string[]) => ({ ok: false, errors: [{ code: 'NOT_FOUND', field }] });
    expect(await updateProduct(changes(), { id, name: 'x' })).toMatchObject(notFound(['input', 'id']));
    expect(await archiveProduct(changes(), id)).toMatchObject(notFound(['id']));
    expect(await adjustStock(changes(), { productId: id, change: 1, reason: 'x' })).toMatchObject(
      notFound(['input', 'productId']),
    );
  });

  it('adds the demonstration catalogue once, however many replicas do it at the same moment', async () => {
    const reader = createPostgresCatalogueReader(subject.database.query);

    const added = await Promise.all([1, 2, 3].map(() => seedCatalogue(changes(), reader)));
    const again = await seedCatalogue(changes(), reader);

    const total = demonstrationProducts.length;
    expect(added.reduce((sum, number) => sum + number, 0)).toBe(total);
    expect(again).toBe(0);
    expect(await count(products)).toBe(total);
    const created = (await published()).filter(({ type }) => type === 'products.product-created.v1');
    expect(created).toHaveLength(total);
  });
});
