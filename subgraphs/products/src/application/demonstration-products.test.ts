import { describe, expect, it } from '@jest/globals';
import { demonstrationProducts } from './demonstration-products.ts';

describe('the demonstration catalogue', () => {
  it.each([
    ['Wireless Keyboard', 4_999],
    ['USB-C Hub', 2_999],
    ['Standing Desk Mat', 3_999],
    ['Noise-Cancelling Headphones', 19_999],
    ['Ergonomic Mouse', 5_999],
  ])('has %s for %i cents, and enough of it', (name, amount) => {
    expect(demonstrationProducts).toContainEqual(expect.objectContaining({ name, amount }));
    expect(demonstrationProducts.find((product) => product.name === name)?.initialStock).toBeGreaterThan(10);
  });

  it('is a shop worth looking at: 25 products, several shelves, one empty place and one nearly so', () => {
    const stocks = demonstrationProducts.map(({ initialStock }) => initialStock);
    expect(demonstrationProducts.length).toBeGreaterThanOrEqual(25);
    expect(new Set(demonstrationProducts.map(({ category }) => category)).size).toBeGreaterThan(3);
    expect(stocks.filter((initialStock) => initialStock === 0)).toHaveLength(1);
    expect(stocks.some((initialStock) => initialStock > 0 && initialStock < 4)).toBe(true);
  });
});
