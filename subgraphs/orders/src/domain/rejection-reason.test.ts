import { expect, it } from '@jest/globals';
import type { ProductId } from './ids.ts';
import type { OrderItem } from './order.ts';
import { rejectionReason } from './rejection-reason.ts';

function itemNamed(name: string): OrderItem {
  return { productId: name as ProductId, name, quantity: 5, unitPrice: { amount: 1, currency: 'USD' } };
}

function lineOf(name: string) {
  return { productId: name as ProductId, requested: 5, available: 2 };
}

it('names the product that is short, how many were ordered and how many there are', () => {
  const reason = rejectionReason({ code: 'OUT_OF_STOCK', lines: [lineOf('Keyboard')] }, [
    itemNamed('Keyboard'),
  ]);

  expect(reason).toBe('Not enough in stock: Keyboard (5 ordered, 2 available)');
});

it('names three products and counts the others', () => {
  const names = ['A', 'B', 'C', 'D', 'E'];

  const reason = rejectionReason({ code: 'PRICE_CHANGED', lines: names.map(lineOf) }, names.map(itemNamed));

  expect(reason).toBe('The price changed since the order was placed: A, B, C, 2 more');
});

it('says what it can when no line is told', () => {
  expect(rejectionReason({ code: 'PRODUCT_UNAVAILABLE', lines: [] }, [])).toBe('No longer for sale');
});
