import { describe, expect, it } from '@jest/globals';
import { createEvent } from '@trellis/event-contracts';
import { decodeEvent, encodeEvent, maxEventBytes } from './wire-format.ts';

const type = 'products.stock-reserved.v1';
const orderId = '0198f7a1-2b3c-7d4e-8f50-617283940a1b';
const event = createEvent({ type, id: orderId, subject: 'Ünïcödé 🌿', time: new Date(0), data: { orderId } });

describe('an event on the wire', () => {
  it('comes back as it went', () => {
    expect(decodeEvent(encodeEvent(event), type)).toEqual({ kind: 'event', event });
  });

  it('is not sent when it is too large to be read', () => {
    const huge = { ...event, subject: 'x'.repeat(maxEventBytes) };

    expect(() => encodeEvent(huge)).toThrow(`more than the ${maxEventBytes} that are allowed`);
  });

  it('is poison to a consumer of another type', () => {
    expect(decodeEvent(encodeEvent(event), 'orders.order-placed.v1')).toEqual({
      kind: 'poison',
      reason: `type "${type}" came where "orders.order-placed.v1" is consumed`,
    });
  });
});
