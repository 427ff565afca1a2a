import { expect, it } from '@jest/globals';
import { hashLines, readPlaceOrderInput } from './place-order-input.ts';

const keyboard = { productId: '0b7f6d3e-6a35-4f0e-9a53-5d4b2a6c1e01', quantity: 1 };
const hub = { productId: '0b7f6d3e-6a35-4f0e-9a53-5d4b2a6c1e02', quantity: 2 };

it('names the lines of a product that stands in two as people count them', () => {
  const lines = [hub, keyboard, { ...keyboard, quantity: 2 }];
  expect(readPlaceOrderInput({ idempotencyKey: 'key', lines })).toMatchObject({
    errors: [
      {
        field: ['input', 'lines', '2', 'productId'],
        message: 'The product stands in line 2 already: add the quantities up.',
      },
    ],
  });
});

it('takes the same lines in another order for the same input', () => {
  expect(hashLines([hub, keyboard])).toBe(hashLines([keyboard, hub]));
});

it('takes the same id in capitals for the same input', () => {
  expect(hashLines([{ ...keyboard, productId: keyboard.productId.toUpperCase() }])).toBe(
    hashLines([keyboard]),
  );
});

it('takes another quantity for another input', () => {
  expect(hashLines([{ ...keyboard, quantity: 2 }])).not.toBe(hashLines([keyboard]));
});
