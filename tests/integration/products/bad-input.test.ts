import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { aSentence } from '../../support/a-sentence.ts';
import {
  addProduct,
  admin,
  dataOf,
  describeProductsService,
  mutate,
  newProduct,
} from './products-under-test.ts';

describeProductsService('bad input for products', (products) => {
  /** Everything that a refused mutation could have changed. */
  const snapshot = async () =>
    JSON.stringify(
      await dataOf(
        products,
        `{
        products(first: 100) { nodes { id sku name description updatedAt category { slug } price { amount currency }
          stock { onHand reserved ledger(first: 100) { nodes { id } } } } }
        categories { slug productCount }
      }`,
      ),
    );

  const longText = (length: number) => 'x'.repeat(length);
  type BadInput = [
    mutation: string,
    what: string,
    input: () => Promise<object>,
    code: string,
    field: string[],
  ];

  const create = (what: string, overrides: object, code: string, ...field: string[]): BadInput => [
    'createProduct',
    what,
    async () => newProduct(overrides),
    code,
    ['input', ...field],
  ];
  const update = (what: string, overrides: object, code: string, ...field: string[]): BadInput => [
    'updateProduct',
    what,
    async () => ({ id: await addProduct(products), ...overrides }),
    code,
    ['input', ...field],
  ];
  const adjust = (what: string, overrides: object, code: string, ...field: string[]): BadInput => [
    'adjustStock',
    what,
    async () => ({ productId: await addProduct(products), change: 1, reason: 'found one', ...overrides }),
    code,
    ['input', ...field],
  ];

  it.each<BadInput>([
    create('an empty SKU', { sku: '' }, 'REQUIRED', 'sku'),
    create('a SKU of spaces', { sku: '   ' }, 'REQUIRED', 'sku'),
    create('a SKU that is too long', { sku: 'A'.repeat(41) }, 'TOO_LONG', 'sku'),
    create('a SKU in small letters', { sku: 'key-1' }, 'INVALID', 'sku'),
    create('a SKU with a NUL', { sku: 'KEY\0' }, 'INVALID', 'sku'),
    create('a SKU with an emoji', { sku: 'KEY-🎧' }, 'INVALID', 'sku'),
    create('a SKU that is taken', { sku: 'KEY-WRL-01' }, 'SKU_TAKEN', 'sku'),
    create('an empty name', { name: '' }, 'REQUIRED', 'name'),
    create('a name that is too long', { name: longText(201) }, 'TOO_LONG', 'name'),
    create('a name with a NUL', { name: 'Lamp\0' }, 'INVALID', 'name'),
    create('half an emoji as a name', { name: '\ud83c' }, 'INVALID', 'name'),
    create('a description that is too long', { description: longText(5_001) }, 'TOO_LONG', 'description'),
    create('a description with a NUL', { description: 'a\0b' }, 'INVALID', 'description'),
    create('an empty category', { category: '' }, 'REQUIRED', 'category'),
    create('a category that is too long', { category: longText(51) }, 'TOO_LONG', 'category'),
    create('a category in capitals', { category: 'Lights' }, 'INVALID', 'category'),
    create('a negative price', { price: { amount: -1, currency: 'USD' } }, 'OUT_OF_RANGE', 'price', 'amount'),
    create(
      'a price beyond the limit',
      { price: { amount: 100_000_001, currency: 'USD' } },
      'OUT_OF_RANGE',
      'price',
      'amount',
    ),
    create('no currency', { price: { amount: 1, currency: '' } }, 'REQUIRED', 'price', 'currency'),
    create('an unknown currency', { price: { amount: 1, currency: 'ZZZ' } }, 'INVALID', 'price', 'currency'),
    create(
      'too long a currency',
      { price: { amount: 1, currency: 'EURO' } },
      'TOO_LONG',
      'price',
      'currency',
    ),
    create('a negative first stock', { initialStock: -1 }, 'OUT_OF_RANGE', 'initialStock'),
    create('too large a first stock', { initialStock: 1_000_001 }, 'OUT_OF_RANGE', 'initialStock'),
    update('an id that is none', { id: 'nonsense', name: 'A' }, 'NOT_FOUND', 'id'),
    update('an unknown id', { id: randomUUID(), name: 'A' }, 'NOT_FOUND', 'id'),
    update('an id with a NUL', { id: 'a\0', name: 'A' }, 'NOT_FOUND', 'id'),
    update('an empty name', { name: '' }, 'REQUIRED', 'name'),
    update('a name that is too long', { name: longText(201) }, 'TOO_LONG', 'name'),
    update('a description that is too long', { description: longText(5_001) }, 'TOO_LONG', 'description'),
    update('a category with a space', { category: 'home office' }, 'INVALID', 'category'),
    update('a negative price', { price: { amount: -1, currency: 'USD' } }, 'OUT_OF_RANGE', 'price', 'amount'),
    update('an unknown currency', { price: { amount: 1, currency: '🪙' } }, 'INVALID', 'price', 'currency'),
    adjust('an unknown id', { productId: randomUUID() }, 'NOT_FOUND', 'productId'),
    adjust('an id that is none', { productId: '😀' }, 'NOT_FOUND', 'productId'),
    adjust('a change of 0', { change: 0 }, 'OUT_OF_RANGE', 'change'),
    adjust('too large a change', { change: 1_000_001 }, 'OUT_OF_RANGE', 'change'),
    adjust('a change below nothing', { change: -1 }, 'INSUFFICIENT_STOCK', 'change'),
    adjust('no reason', { reason: ' ' }, 'REQUIRED', 'reason'),
    adjust('too long a reason', { reason: longText(201) }, 'TOO_LONG', 'reason'),
    adjust('a reason with a NUL', { reason: 'a\0' }, 'INVALID', 'reason'),
  ])('%s refuses %s', async (mutation, _what, makeInput, code, field) => {
    const input = await makeInput();
    const before = await snapshot();

    const payload = await mutate(products, mutation, 'input', input);

    expect(payload.product).toBeNull();
    expect(payload.userErrors).toEqual([{ code, field, message: aSentence }]);
    expect(await snapshot()).toBe(before);
  });

  it.each(['nonsense', randomUUID(), ''])('archiveProduct knows no product %p', async (id) => {
    expect(await mutate(products, 'archiveProduct', 'id', id)).toMatchObject({
      product: null,
      userErrors: [{ code: 'NOT_FOUND', field: ['id'], message: aSentence }],
    });
  });

  it.each<[string, string, object, string]>([
    ['createProduct', 'a missing name', { ...newProduct(), name: undefined }, 'name'],
    [
      'createProduct',
      'a price that is a text',
      newProduct({ price: { amount: '10', currency: 'USD' } }),
      'amount',
    ],
    [
      'createProduct',
      'a price of 2^31',
      newProduct({ price: { amount: 2 ** 31, currency: 'USD' } }),
      'amount',
    ],
    ['updateProduct', 'a missing id', { name: 'A' }, 'id'],
    ['updateProduct', 'a name that is a number', { id: randomUUID(), name: 1 }, 'name'],
    ['adjustStock', 'a change of 2^31', { productId: randomUUID(), change: 2 ** 31, reason: 'a' }, 'change'],
    ['adjustStock', 'a change of a half', { productId: randomUUID(), change: 0.5, reason: 'a' }, 'change'],
    ['adjustStock', 'a missing reason', { productId: randomUUID(), change: 1 }, 'reason'],
  ])('%s refuses %s by its type, and names it', async (mutation, _what, value, name) => {
    const before = await snapshot();

    const { data, errors } = await products.ask(
      `mutation ($input: ${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input!) {
        ${mutation}(input: $input) { userErrors { code } } }`,
      { input: value },
      admin,
    );

    expect(data).toBeUndefined();
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect(errors?.[0]?.message).toContain(name);
    expect(await snapshot()).toBe(before);
  });

  it('names every fault of an input at once', async () => {
    const { userErrors } = await mutate(
      products,
      'createProduct',
      'input',
      newProduct({ sku: 'x', name: '', initialStock: -1 }),
    );
    expect(userErrors.map(({ field }) => field?.at(-1))).toEqual(['sku', 'name', 'initialStock']);
  });
});
