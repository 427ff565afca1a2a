import { describe, expect, it } from '@jest/globals';
import { archiveProduct, changeProduct, createProduct, type Product } from './product.ts';

const created = new Date('2026-01-01T00:00:00Z');
const later = new Date('2026-02-01T00:00:00Z');

const keyboard: Product = createProduct(
  {
    id: '6f8d9b1e-6f4c-4c4e-9c53-0b8f0d6c7a10',
    sku: 'KEY-1',
    name: 'Keyboard',
    description: '',
    category: 'keyboards',
    price: { amount: 4_999, currency: 'USD' },
  },
  created,
);

describe('a product', () => {
  it('begins at version 1, in the catalogue', () => {
    expect(keyboard).toMatchObject({ version: 1, archivedAt: null, createdAt: created, updatedAt: created });
  });

  it('changes what is named, grows a version, and keeps the rest', () => {
    const changed = changeProduct(keyboard, { price: { amount: 5_499, currency: 'USD' } }, later);

    expect(changed).toEqual({
      ...keyboard,
      price: { amount: 5_499, currency: 'USD' },
      version: 2,
      updatedAt: later,
    });
  });

  it('is not changed by what is so already', () => {
    expect(
      changeProduct(keyboard, { name: 'Keyboard', price: { amount: 4_999, currency: 'USD' } }, later),
    ).toBe(keyboard);
    expect(changeProduct(keyboard, {}, later)).toBe(keyboard);
  });

  it('is archived once', () => {
    const archived = archiveProduct(keyboard, later);

    expect(archived).toMatchObject({ archivedAt: later, version: 2 });
    expect(archiveProduct(archived, new Date())).toBe(archived);
  });
});
