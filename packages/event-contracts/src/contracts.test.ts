import { describe, expect, it } from '@jest/globals';
import { knownBindings, queueName } from './channels.ts';
import { eventContracts, eventTypes, isEventType } from './contracts.ts';

describe('the contracts', () => {
  it.each(eventTypes)('%s is named after its event, in the past tense of its type', (type) => {
    const words = eventContracts[type].name.replace(/(?<!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();

    expect(type).toMatch(new RegExp(`^(users|products|orders)\\.${words}\\.v[1-9]\\d*$`));
  });

  it('have no service that consumes its own events', () => {
    const own = knownBindings.filter(({ consumer, eventType }) => eventType.startsWith(`${consumer}.`));

    expect(own).toEqual([]);
  });

  it('know their own types and nothing from the prototype chain', () => {
    expect(eventTypes.every(isEventType)).toBe(true);
    expect(isEventType('toString')).toBe(false);
  });
});

describe('the queues', () => {
  it('are named by consumer, event and version', () => {
    expect(queueName({ consumer: 'products', eventType: 'orders.order-placed.v1' })).toBe(
      'products.order-placed.v1',
    );
  });

  it('have a name of their own each', () => {
    expect(new Set(knownBindings.map(queueName)).size).toBe(knownBindings.length);
  });
});
