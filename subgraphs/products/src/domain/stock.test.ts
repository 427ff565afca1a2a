import { describe, expect, it } from '@jest/globals';
import {
  adjustStock,
  available,
  maxOnHand,
  openStock,
  releaseFrom,
  reserveFor,
  type Stock,
} from './stock.ts';

const stock: Stock = { productId: 'keyboard', onHand: 10, reserved: 4, version: 7 };

describe('a stock', () => {
  it('opens with an entry in the ledger, be it for nothing', () => {
    expect(openStock('keyboard', 0)).toEqual({
      change: { kind: 'INITIAL', onHandChange: 0, reservedChange: 0, reason: 'Initial stock', orderId: null },
      stock: { productId: 'keyboard', onHand: 0, reserved: 0, version: 1 },
    });
  });

  it('keeps what is on hand when some of it is set aside, and has less to give', () => {
    const { stock: after } = reserveFor('order', stock, 6);

    expect(after).toEqual({ ...stock, reserved: 10, version: 8 });
    expect(available(after)).toBe(0);
  });

  it('can be adjusted down to what is reserved and no further', () => {
    expect(adjustStock(stock, -6, 'stocktaking')).toMatchObject({
      stock: { onHand: 4, reserved: 4, version: 8 },
    });
    expect(adjustStock(stock, -7, 'stocktaking')).toBe('INSUFFICIENT_STOCK');
  });

  it('can be adjusted up to its limit and no further', () => {
    const room = maxOnHand - stock.onHand;
    expect(adjustStock(stock, room, 'delivery')).toMatchObject({ stock: { onHand: maxOnHand } });
    expect(adjustStock(stock, room + 1, 'delivery')).toBe('OUT_OF_RANGE');
  });

  it.each([
    ['reserving more than there is', () => reserveFor('order', stock, 7)],
    ['releasing more than is reserved', () => releaseFrom('order', stock, 5)],
  ])('refuses %s as a fault of the program', (_what, act) => {
    expect(act).toThrow('would leave');
  });
});
