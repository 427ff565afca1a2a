import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { openDatabase, type Database } from '@trellis/database';
import { createEvent, type CloudEvent } from '@trellis/event-contracts';
import { createLogger } from '@trellis/lifecycle';
import type { HandlerOutcome, MessageBus } from '@trellis/messaging';
import { consumeOnce } from '@trellis/outbox';
import { sql } from 'drizzle-orm';
import { createTestDatabase, describeWithServices, type TestDatabase } from '../../support/services.ts';
import { openTestBroker, type TestBroker } from '../../support/test-broker.ts';
import { waitFor } from '../../support/wait-for.ts';
import { dlq, listLetters, startDlq } from './run-dlq.ts';

const migrations = new URL('../../support/outbox-migrations', import.meta.url).pathname;
const logger = createLogger('test', 'silent');
const binding = { consumer: 'orders', eventType: 'products.stock-reserved.v1' } as const;
const queue = 'orders.stock-reserved.v1';

function stockReserved(): CloudEvent<typeof binding.eventType> {
  const orderId = randomUUID();
  return createEvent({
    type: binding.eventType,
    id: randomUUID(),
    subject: orderId,
    time: new Date(),
    correlationId: 'request-7',
    data: { orderId },
  });
}

describeWithServices(['rabbitmq', 'postgres'], 'dead letters on the broker', (urls) => {
  let broker: TestBroker;
  let stored: TestDatabase;
  let database: Database;
  let bus: MessageBus;
  let directory: string;
  let environment: Readonly<Record<string, string>>;
  let answer: HandlerOutcome;

  beforeEach(async () => {
    broker = await openTestBroker(urls.rabbitmq);
    stored = await createTestDatabase();
    database = await openDatabase({ service: 'test', url: stored.url, directory: '', migrations }, logger);
    await database.query.execute(sql`create table effects (event_id uuid)`);
    directory = mkdtempSync(join(tmpdir(), 'trellis-dlq-'));
    environment = {
      AMQP_URL: broker.url,
      AMQP_PREFIX: broker.queuePrefix,
      TRELLIS_DATA_DIRECTORY: directory,
    };
    answer = { kind: 'ack' };
    bus = await broker.createBus({ maxAttempts: 2 });
  });

  afterEach(async () => {
    await broker.dispose();
    await database.stop();
    await stored.drop();
    rmSync(directory, { recursive: true });
  });

  const consume = () =>
    bus.subscribe([
      consumeOnce({
        database,
        ...binding,
        async handle(tx, { id }) {
          await tx.execute(sql`insert into effects values (${id})`);
          return answer;
        },
      }),
    ]);
  const waiting = async (name = broker.deadLetterQueueOf(binding)) =>
    (await broker.channel.checkQueue(name)).messageCount;
  const effects = async () => {
    const { rows } = (await database.query.execute<{ event_id: string }>(
      sql`select event_id from effects`,
    )) as { readonly rows: readonly { event_id: string }[] };
    return rows.map(({ event_id: id }) => id);
  };

  async function putLetters(count: number): Promise<readonly CloudEvent[]> {
    const events = Array.from({ length: count }, stockReserved);
    for (const event of events) {
      const properties = { messageId: event.id, type: event.type, persistent: true };
      broker.channel.sendToQueue(
        broker.deadLetterQueueOf(binding),
        Buffer.from(JSON.stringify(event)),
        properties,
      );
    }
    await broker.channel.waitForConfirms();
    return events;
  }

  async function giveUp(event: CloudEvent): Promise<void> {
    answer = { kind: 'retry', reason: 'not now' };
    await consume();
    await bus.publish(event, 1);
    await waitFor('the dead letter', async () => (await waiting()) === 1);
    answer = { kind: 'ack' };
  }

  it('are listed with why, how often, since when and whose', async () => {
    const event = stockReserved();
    await giveUp(event);

    expect(await listLetters(environment)).toEqual([
      expect.objectContaining({
        id: event.id,
        queue,
        consumer: 'orders',
        eventType: event.type,
        reason: 'not now',
        attempts: 2,
        since: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        correlationId: 'request-7',
      }),
    ]);
    const shown = await dlq(environment, 'show', event.id);
    expect(shown).toContain('not now');
    expect(shown).toContain(event.data.orderId);
  });

  it('stay in their queue, in their order, when they are listed', async () => {
    const events = await putLetters(5);

    await dlq(environment, 'list');

    expect(await waiting()).toBe(5);
    const left = await broker.drain(broker.deadLetterQueueOf(binding));
    expect(left.map(({ properties }) => properties.messageId as unknown)).toEqual(events.map(({ id }) => id));
    expect(left.every(({ fields }) => fields.redelivered)).toBe(true); // as the guide says
  });

  it('are all there after listing them was killed in the middle', async () => {
    await putLetters(1_000);
    const listing = startDlq(environment, 'list', '--limit', '10000');
    await waitFor('the listing to hold some', async () => (await waiting()) < 1_000, 30_000);
    await listing.kill();

    await waitFor('all of them again', async () => (await waiting()) === 1_000);
    const left = await broker.drain(broker.deadLetterQueueOf(binding));
    expect(new Set(left.map(({ properties }) => properties.messageId as unknown)).size).toBe(1_000);
  });

  it('take effect once when they are replayed twice, with their attempts counted anew', async () => {
    const event = stockReserved();
    await giveUp(event);

    expect(await dlq(environment, 'replay', event.id)).toContain(`replayed ${queue}/${event.id}`);
    await waitFor('the effect', async () => (await effects()).length > 0);
    await expect(dlq(environment, 'replay', event.id)).rejects.toThrow(`there is no dead letter ${event.id}`);

    expect(await effects()).toEqual([event.id]);
    expect(await waiting()).toBe(0);
  });

  it('take effect once when a replay died between giving the letter back and removing it', async () => {
    const [event] = await putLetters(1);
    await consume();
    await broker.put(broker.queueOf(binding), JSON.stringify(event), { messageId: event!.id });
    await waitFor('the effect of the first copy', async () => (await effects()).length === 1);

    await dlq(environment, 'replay', event!.id);

    await waitFor('an empty queue', async () => (await waiting(broker.queueOf(binding))) === 0);
    await bus.stop(); // what was in hand is done with
    expect(await effects()).toEqual([event!.id]);
  });

  it('take effect once each when replaying all of them is killed in the middle and run again', async () => {
    const events = await putLetters(300);
    await consume();
    const replaying = startDlq(environment, 'replay', '--all', '--queue', queue);
    await waitFor('the first effects', async () => (await effects()).length > 0, 30_000);
    await replaying.kill();
    expect((await effects()).length).toBeLessThan(events.length);

    await dlq(environment, 'replay', '--all', '--queue', queue);

    await waitFor('all effects', async () => (await effects()).length >= events.length, 30_000);
    await bus.stop();
    expect((await effects()).sort()).toEqual(events.map(({ id }) => id).sort());
    expect(await waiting()).toBe(0);
  });

  it('come back with their reason when they are poison, and can be shown and dropped', async () => {
    await consume();
    await broker.put(broker.queueOf(binding), Buffer.from([0xff, 0xfe, 0x1b, 0x5b]));
    await waitFor('the dead letter', async () => (await waiting()) === 1);
    const [letter] = await listLetters(environment);
    expect(letter).toMatchObject({ reason: expect.stringContaining('not JSON'), attempts: 1 });

    expect(await dlq(environment, 'show', letter!.id)).toContain('hex:\nfffe1b5b');
    await dlq(environment, 'replay', letter!.id);
    await waitFor('the dead letter again', async () => (await waiting()) === 1);
    expect(await listLetters(environment)).toEqual([letter]);

    await expect(dlq(environment, 'drop', letter!.id)).rejects.toThrow('nothing was dropped');
    expect(await waiting()).toBe(1);
    await dlq(environment, 'drop', letter!.id, '--yes');
    expect(await waiting()).toBe(0);
  });

  it('stay where they are when there is no queue to replay them to', async () => {
    const [event] = await putLetters(1);
    await broker.channel.deleteQueue(broker.queueOf(binding));

    await expect(dlq(environment, 'replay', event!.id)).rejects.toThrow('there is no queue');

    expect(await waiting()).toBe(1);
  });

  it('are counted for the readiness of their consumer', async () => {
    await giveUp(stockReserved());

    expect(await bus.deadLetters?.('orders')).toEqual([
      { queue: broker.deadLetterQueueOf(binding), messages: 1 },
    ]);
  });
});
