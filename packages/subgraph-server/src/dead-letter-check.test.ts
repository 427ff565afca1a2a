import { beforeEach, expect, it } from '@jest/globals';
import type { BusStatus } from '@trellis/messaging';
import { deadLetters } from '@trellis/outbox';
import { sql } from 'drizzle-orm';
import { describeOnEveryDatabase } from '../../../tests/support/databases.ts';
import { createDeadLetterCheck } from './dead-letter-check.ts';

const migrations = new URL('../../../tests/support/outbox-migrations', import.meta.url).pathname;

describeOnEveryDatabase('readiness of dead letters', migrations, (subject) => {
  const inProcess = { status: (): BusStatus => ({ kind: 'connected' }) };

  beforeEach(async () => {
    await subject.database.query.execute(sql`truncate dead_letters`);
  });

  async function keepOne(consumer: string): Promise<void> {
    const event = { id: '0198f7a1-2b3c-7d4e-8f50-617283940a1b' } as never;
    const letter = { consumer, eventId: '0198f7a1-2b3c-7d4e-8f50-617283940a1b', event };
    await subject.database.query.insert(deadLetters).values({ ...letter, reason: 'never', attempts: 1 });
  }

  it('says when there are none', async () => {
    const check = createDeadLetterCheck('orders', { database: subject.database, bus: inProcess });

    expect(await check()).toEqual({ status: 'up', detail: 'none' });
  });

  it('counts those in the table and those of the service on the broker, and stays up', async () => {
    await keepOne('outbox');
    const asked: string[] = [];
    const queue = 'orders.stock-reserved.v1.dead-letter';
    const deadLettersOf = async (consumer: string) => {
      asked.push(consumer);
      return [
        { queue, messages: 2 },
        { queue: 'orders.stock-rejected.v1.dead-letter', messages: 0 },
      ];
    };
    const check = createDeadLetterCheck('orders', {
      database: subject.database,
      bus: { ...inProcess, deadLetters: deadLettersOf },
    });

    expect(await check()).toEqual({
      status: 'up',
      detail: `3: 1 in the table, given up by outbox, 2 in ${queue}`,
    });
    await check();
    expect(asked).toEqual(['orders']); // strangers may ask as often as they like
  });

  it('says what it cannot see while the broker is away', async () => {
    const bus = {
      status: (): BusStatus => ({ kind: 'disconnected', reason: 'away' }),
      deadLetters: () => Promise.reject(new Error('not connected')),
    };
    const check = createDeadLetterCheck('orders', { database: subject.database, bus });

    expect(await check()).toEqual({
      status: 'up',
      detail: 'none; the broker, which is away, may have more',
    });
  });
});
