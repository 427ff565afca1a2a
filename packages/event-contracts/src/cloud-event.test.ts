import { describe, expect, it } from '@jest/globals';
import { createEvent, InvalidEventError, parseEvent, type EventInput } from './cloud-event.ts';

const orderId = '0198f7a1-2b3c-7d4e-8f50-617283940a1b';

const stockReserved: EventInput<'products.stock-reserved.v1'> = {
  type: 'products.stock-reserved.v1',
  id: '0198f7a1-2b3c-7d4e-8f50-617283940a1c',
  subject: orderId,
  time: new Date('2026-01-02T03:04:05.678Z'),
  data: { orderId },
};

describe('creating an event', () => {
  it('puts the data into a CloudEvents envelope that names the publishing service', () => {
    expect(createEvent(stockReserved)).toEqual({
      specversion: '1.0',
      id: stockReserved.id,
      type: 'products.stock-reserved.v1',
      source: '/trellis/products',
      subject: orderId,
      time: '2026-01-02T03:04:05.678Z',
      datacontenttype: 'application/json',
      data: { orderId },
    });
  });

  it('carries the correlation and the trace of the request that caused it', () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

    const event = createEvent({ ...stockReserved, correlationId: 'request-1', traceparent });

    expect(event).toMatchObject({ correlationid: 'request-1', traceparent });
  });

  it('refuses data that does not fit the contract, and names the field', () => {
    const unreadable = { ...stockReserved, data: { orderId: 'no uuid' } };

    expect(() => createEvent(unreadable)).toThrow(/data\.orderId/);
  });
});

describe('reading an event', () => {
  const event = createEvent(stockReserved);

  it('gives back what was created, after a journey as JSON', () => {
    expect(parseEvent(JSON.parse(JSON.stringify(event)))).toEqual(event);
  });

  it('drops fields that a newer producer added', () => {
    const newer = {
      ...event,
      dataschema: 'https://example.test',
      data: { ...event.data, warehouse: 'north' },
    };

    expect(parseEvent(newer)).toEqual(event);
  });

  it.each([
    ['nothing', undefined, 'event'],
    ['a string', '{}', 'event'],
    ['another version of CloudEvents', { ...event, specversion: '0.3' }, 'event.specversion'],
    ['an id that is no UUID', { ...event, id: '1' }, 'event.id'],
    ['a time that is no time', { ...event, time: 'yesterday' }, 'event.time'],
    ['a type nobody knows', { ...event, type: 'orders.order-eaten.v1' }, 'orders.order-eaten.v1'],
    [
      'a version nobody knows',
      { ...event, type: 'products.stock-reserved.v2' },
      'products.stock-reserved.v2',
    ],
    ['a type from the prototype chain', { ...event, type: 'constructor' }, 'constructor'],
    ['no data', { ...event, data: undefined }, 'data'],
    ['data of another shape', { ...event, data: { orderId: 7 } }, 'data.orderId'],
  ])('refuses %s, and says what is wrong', (_what, raw, named) => {
    const reading = () => parseEvent(raw);

    expect(reading).toThrow(InvalidEventError);
    expect(reading).toThrow(named);
  });
});
