import { turnsDuring } from '../../../tests/support/turns-during.ts';
import { ownTurn } from './own-turn.ts';

describe('a turn of the event loop', () => {
  it('is given to one at a time, in their order', async () => {
    const order: number[] = [];
    const asked = Array.from({ length: 10 }, (_each, index) => index);

    const turns = await turnsDuring(() =>
      Promise.all(asked.map((index) => ownTurn().then(() => order.push(index)))),
    );

    expect(turns).toBeGreaterThanOrEqual(10);
    expect(order).toEqual(asked);
  });
});
