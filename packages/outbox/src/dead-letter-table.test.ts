import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { createEvent, InvalidEventError, type CloudEvent } from '@trellis/event-contracts';
import { createLogger, type Stoppable } from '@trellis/lifecycle';
import { createInProcessBus, type HandlerOutcome, type MessageBus } from '@trellis/messaging';
import { sql } from 'drizzle-orm';
import { describeOnEveryDatabase } from '../../../tests/support/databases.ts';
import { waitFor } from '../../../tests/support/wait-for.ts';
import {
  appendEvents,
  consumeOnce,
  countDeadLetters,
  deadLetters,
  dropDeadLetters,
  listDeadLetters,
  outbox,
  replayDeadLetters,
  startOutboxRelay,
} from './index.ts';

const migrations = new URL('../../../tests/support/outbox-migrations', import.meta.url).pathname;
const logger = createLogger('test', 'silent');
const eventType = 'products.stock-reserved.v1';

function stockReserved(): CloudEvent<typeof eventType> {
  const orderId = randomUUID();
  return createEvent({
    type: eventType,
    id: randomUUID(),
    subject: orderId,
    time: new Date(),
    data: { orderId },
  });
}

describeOnEveryDatabase('dead letters in a table', migrations, (subject) => {
  const running: Stoppable[] = [];
  let bus: MessageBus;
  let taken: string[];
  let answer: HandlerOutcome;

  beforeEach(async () => {
    await subject.database.query.execute(sql`truncate outbox, inbox, dead_letters`);
    await subject.database.query.execute(sql`create table if not exists effects (event_id uuid)`);
    await subject.database.query.execute(sql`truncate effects`);
    bus = createInProcessBus({ logger, bindings: [] });
    taken = [];
    answer = { kind: 'ack' };
    await bus.subscribe(['orders', 'users'].map(consumerOf));
  });

  afterEach(async () => {
    await Promise.all(running.splice(0).map((part) => part.stop()));
    await bus.stop();
  });

  const consumerOf = (consumer: string) =>
    consumeOnce({
      database: subject.database,
      consumer,
      eventType,
      async handle(tx, { id }) {
        if (consumer === 'users') return { kind: 'ack' };
        taken.push(id);
        await tx.execute(sql`insert into effects values (${id})`);
        return answer;
      },
    });

  async function startRelay(publisher: Pick<MessageBus, 'publish'> = bus): Promise<void> {
    const { database } = subject;
    running.push(await startOutboxRelay({ database, publisher, logger, backoffMs: 5, pollMs: 20 }));
  }

  const list = () => listDeadLetters(subject.database, { limit: 10 });
  const isOutboxEmpty = async () => (await subject.database.query.select().from(outbox)).length === 0;
  const effects = () => subject.database.query.execute(sql`select * from effects`);

  async function givenUp(): Promise<{ readonly consumer: string; readonly eventId: string }> {
    answer = { kind: 'dead-letter', reason: 'never' };
    const event = stockReserved();
    await subject.database.transaction((tx) => appendEvents(tx, [event]));
    await startRelay();
    await waitFor('the dead letter', async () => (await list()).length === 1 && (await isOutboxEmpty()));
    return { consumer: 'orders', eventId: event.id };
  }

  it('are counted by consumer, and listed with the reason', async () => {
    const key = await givenUp();

    expect(await countDeadLetters(subject.database)).toEqual([{ consumer: 'orders', messages: 1 }]);
    expect(await list()).toEqual([expect.objectContaining({ ...key, reason: 'never', attempts: 1 })]);
    expect(await listDeadLetters(subject.database, { limit: 10, eventIds: [randomUUID()] })).toEqual([]);
  });

  it('take effect once when they are replayed, however often and by however many at once', async () => {
    const key = await givenUp();
    answer = { kind: 'ack' };

    const replayed = await Promise.all([1, 2, 3].map(() => replayDeadLetters(subject.database, [key])));
    await waitFor('the effect', async () => taken.length === 2 && (await isOutboxEmpty()));

    expect(replayed.flat()).toEqual([key]);
    expect(await replayDeadLetters(subject.database, [key])).toEqual([]);
    expect(await effects()).toMatchObject({ rows: [{ event_id: key.eventId }] });
    expect(await list()).toEqual([]);
  });

  it('take no effect when they took effect meanwhile', async () => {
    const key = await givenUp();
    answer = { kind: 'ack' };
    const [letter] = await list();
    await bus.publish(letter!.event, 1);

    await replayDeadLetters(subject.database, [key]);

    await waitFor('the delivery', isOutboxEmpty);
    expect(await effects()).toMatchObject({ rows: [{ event_id: key.eventId }] });
  });

  it('go to the consumer that gave them up, and to no other', async () => {
    const key = await givenUp();
    await Promise.all(running.splice(0).map((part) => part.stop()));
    const published: unknown[] = [];

    await replayDeadLetters(subject.database, [key]);
    await startRelay({ publish: async ({ id }, attempt, only) => void published.push([id, attempt, only]) });

    await waitFor('the delivery', isOutboxEmpty);
    expect(published).toEqual([[key.eventId, 1, 'orders']]);
  });

  it('come back with their reason when they fail again', async () => {
    const key = await givenUp();
    answer = { kind: 'dead-letter', reason: 'still not' };

    await replayDeadLetters(subject.database, [key]);

    await waitFor('the dead letter again', async () => (await list())[0]?.reason === 'still not');
    expect(await list()).toEqual([expect.objectContaining({ ...key, attempts: 1 })]);
    expect(await effects()).toMatchObject({ rows: [] });
  });

  it('come back to a consumer that does not consume them', async () => {
    const event = stockReserved();
    const letter = { consumer: 'nobody', eventId: event.id, event, reason: 'old', attempts: 1 };
    await subject.database.query.insert(deadLetters).values(letter);
    await startRelay();

    await replayDeadLetters(subject.database, [letter]);

    await waitFor('the letter', async () => (await list())[0]?.reason.includes('not consumed by "nobody"'));
    expect(await list()).toEqual([expect.objectContaining({ consumer: 'nobody', eventId: event.id })]);
  });

  it('go to everybody when it was the outbox that gave them up', async () => {
    const event = stockReserved();
    const letter = { consumer: 'outbox', eventId: event.id, event, reason: 'unreadable', attempts: 1 };
    await subject.database.query.insert(deadLetters).values(letter);
    const published: unknown[] = [];

    await replayDeadLetters(subject.database, [letter]);
    await startRelay({
      publish: async ({ id }, _attempt, only) => {
        published.push([id, only]);
        if (published.length === 1) throw new InvalidEventError(['data: is missing']);
      },
    });

    await waitFor('the dead letter again', async () => (await list()).length === 1);
    expect(published).toEqual([[event.id, undefined]]);
    expect(await list()).toEqual([expect.objectContaining({ consumer: 'outbox', eventId: event.id })]);
  });

  it('are gone when they are dropped', async () => {
    const key = await givenUp();

    expect(await dropDeadLetters(subject.database, [key, { ...key, consumer: 'users' }])).toEqual([key]);

    expect(await list()).toEqual([]);
    expect(await isOutboxEmpty()).toBe(true);
  });
});
