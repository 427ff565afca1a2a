import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { createEvent, InvalidEventError, type CloudEvent } from '@trellis/event-contracts';
import { createLogger, type Stoppable } from '@trellis/lifecycle';
import type { HandlerOutcome } from '@trellis/messaging';
import { sql } from 'drizzle-orm';
import { describeOnEveryDatabase } from '../../../tests/support/databases.ts';
import { createRecordingLogger } from '../../../tests/support/recording-logger.ts';
import { waitFor } from '../../../tests/support/wait-for.ts';
import {
  appendEvents,
  consumeOnce,
  deadLetters,
  inbox,
  outbox,
  startOutboxRelay,
  type OutboxRelayOptions,
} from './index.ts';

const migrations = new URL('../../../tests/support/outbox-migrations', import.meta.url).pathname;
const logger = createLogger('test', 'silent');

function stockReserved(): CloudEvent<'products.stock-reserved.v1'> {
  const orderId = randomUUID();
  return createEvent({
    type: 'products.stock-reserved.v1',
    id: randomUUID(),
    subject: orderId,
    time: new Date(),
    data: { orderId },
  });
}

describeOnEveryDatabase('the outbox', migrations, (subject) => {
  const running: Stoppable[] = [];

  beforeEach(async () => {
    await subject.database.query.execute(sql`truncate outbox, inbox, dead_letters`);
  });

  afterEach(async () => {
    await Promise.all(running.splice(0).map((part) => part.stop()));
  });

  async function relayTo(
    publish: (event: CloudEvent, attempt: number) => Promise<void>,
    { longestPauseMs, ...options }: Partial<OutboxRelayOptions> & { readonly longestPauseMs?: number } = {},
  ): Promise<void> {
    const { database } = subject;
    running.push(
      await startOutboxRelay({
        database,
        publisher: { publish, ...(longestPauseMs === undefined ? {} : { longestPauseMs }) },
        logger,
        backoffMs: 5,
        pollMs: 20,
        ...options,
      }),
    );
  }

  const unsent = () => subject.database.query.select().from(outbox);

  it('publishes what was committed, in the order of its writing, and forgets it', async () => {
    const published: string[] = [];
    const events = [stockReserved(), stockReserved(), stockReserved()];
    await subject.database.transaction((tx) => appendEvents(tx, events));

    await relayTo(async (event) => void published.push(event.id));

    await waitFor('an empty outbox', async () => (await unsent()).length === 0);
    expect(published).toEqual(events.map((event) => event.id));
  });

  it('is woken by a commit', async () => {
    const published: string[] = [];
    const event = stockReserved();
    await relayTo(async ({ id }) => void published.push(id), { pollMs: 3_600_000 });

    await subject.database.transaction((tx) => appendEvents(tx, [event]));

    await waitFor('the event to be published without a poll', () => published.includes(event.id));
  });

  it('publishes nothing of a transaction that was rolled back', async () => {
    const published: string[] = [];
    const committed = stockReserved();
    await relayTo(async ({ id }) => void published.push(id));

    await expect(
      subject.database.transaction(async (tx) => {
        await appendEvents(tx, [stockReserved()]);
        throw new Error('rolled back');
      }),
    ).rejects.toThrow('rolled back');
    await subject.database.transaction((tx) => appendEvents(tx, [committed]));

    await waitFor('the committed event', () => published.length > 0);
    expect(published).toEqual([committed.id]);
  });

  it('keeps an event that could not be published and tries again, counting the attempts', async () => {
    const attempts: number[] = [];
    const event = stockReserved();
    await subject.database.transaction((tx) => appendEvents(tx, [event]));

    await relayTo(async (_event, attempt) => {
      attempts.push(attempt);
      if (attempt < 3) throw new Error('the broker is away');
    });

    await waitFor('an empty outbox', async () => (await unsent()).length === 0);
    expect(attempts).toEqual([1, 2, 3]);
  });

  it('keeps what can never be published as a dead letter with its reason, and tells of it', async () => {
    const { database } = subject;
    const published: string[] = [];
    const { logger: recording, lines } = createRecordingLogger();
    const [bad, good] = [stockReserved(), stockReserved()];
    await database.transaction((tx) => appendEvents(tx, [bad, good]));

    await relayTo(
      async ({ id }) => {
        if (id === bad.id) throw new InvalidEventError(['data.orderId: is missing']);
        published.push(id);
      },
      { logger: recording },
    );

    await waitFor('an empty outbox', async () => (await unsent()).length === 0);
    expect(published).toEqual([good.id]);
    expect(await database.query.select().from(deadLetters)).toEqual([
      expect.objectContaining({
        consumer: 'outbox',
        eventId: bad.id,
        event: bad,
        reason: 'event does not fit its contract: data.orderId: is missing',
        attempts: 1,
      }),
    ]);
    expect(lines.filter((line) => line.includes('"level":50') && line.includes(bad.id))).toHaveLength(1);
  });

  it('waits at the most five seconds before it tries again', async () => {
    const { database } = subject;
    const events = [stockReserved(), stockReserved()];
    await database.transaction((tx) => appendEvents(tx, events));

    await relayTo(
      async ({ id }) => {
        throw new Error(`refused ${id}`);
      },
      { backoffMs: 3_600_000 },
    );

    await waitFor('both to be put off', async () => (await unsent()).every((row) => row.lastError !== null));
    const rows = await unsent();
    expect(rows.map((row) => row.lastError)).toEqual(rows.map((row) => `refused ${row.event.id}`));
    const tooLate = sql`${outbox.availableAt} > now() + interval '5 seconds'`;
    expect(await database.query.select().from(outbox).where(tooLate)).toEqual([]);
  });

  it('waits as long as its publisher says', async () => {
    const { database } = subject;
    await database.transaction((tx) => appendEvents(tx, [stockReserved()]));
    await database.query.update(outbox).set({ attempts: 15 });

    await relayTo(() => Promise.reject(new Error('refused')), { backoffMs: 100, longestPauseMs: 600_000 });

    await waitFor('the event to be put off', async () => (await unsent())[0]?.lastError === 'refused');
    const [row] = await unsent();
    const minutes = (row!.availableAt.getTime() - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(9);
    expect(minutes).toBeLessThan(11);
  });

  it('lets one failing event hold up no other', async () => {
    const published: string[] = [];
    const [bad, good] = [stockReserved(), stockReserved()];
    await subject.database.transaction((tx) => appendEvents(tx, [bad, good]));

    await relayTo(async ({ id }) => {
      if (id === bad.id) throw new Error('refused');
      published.push(id);
    });

    await waitFor('the good event', () => published.includes(good.id));
    await waitFor('the reason on the bad one', async () => (await unsent())[0]?.lastError === 'refused');
    expect((await unsent()).map((row) => row.event.id)).toEqual([bad.id]);
  });

  it('takes up the next batch of a full outbox while the one before is being published', async () => {
    const events = Array.from({ length: 4 }, stockReserved);
    await subject.database.transaction((tx) => appendEvents(tx, events));
    const begun: string[] = [];
    let confirm: () => void = () => undefined;
    const confirmed = new Promise<void>((resolve) => (confirm = resolve));

    await relayTo(
      ({ id }) => {
        begun.push(id);
        return confirmed;
      },
      { batchSize: 2 },
    );

    await waitFor('both batches', () => begun.length === events.length);
    expect(begun).toEqual(events.map(({ id }) => id));
    confirm();
    await waitFor('an empty outbox', async () => (await unsent()).length === 0);
  });

  it('shares the work between two relays without publishing anything twice', async () => {
    const published: string[] = [];
    const events = Array.from({ length: 300 }, stockReserved);
    const publish = async (event: CloudEvent): Promise<void> => void published.push(event.id);
    await relayTo(publish, { batchSize: 20 });
    await relayTo(publish, { batchSize: 20 });

    await subject.database.transaction((tx) => appendEvents(tx, events));

    await waitFor('an empty outbox', async () => (await unsent()).length === 0);
    expect(published.toSorted()).toEqual(events.map((event) => event.id).toSorted());
  });

  it('publishes again what a relay that died had taken up, when its lease has ended', async () => {
    const published: string[] = [];
    const event = stockReserved();
    await subject.database.transaction((tx) => appendEvents(tx, [event]));
    let giveUp = (_error: Error): void => undefined;
    await relayTo(() => new Promise((_resolve, reject) => (giveUp = reject)), { leaseMs: 1 });
    await waitFor('the first relay to take it up', async () => (await unsent())[0]?.attempts === 1);

    await relayTo(async ({ id }) => void published.push(id));

    await waitFor('the second relay', () => published.includes(event.id));
    giveUp(new Error('its process is gone')); // so that the first relay can be stopped
  });
});

describeOnEveryDatabase('the inbox', migrations, (subject) => {
  beforeEach(async () => {
    await subject.database.query.execute(sql`truncate outbox, inbox, dead_letters`);
  });

  function consumer(outcomes: HandlerOutcome[]) {
    return consumeOnce({
      database: subject.database,
      consumer: 'orders',
      eventType: 'products.stock-reserved.v1',
      async handle(tx, event) {
        await appendEvents(tx, [event]); // stands for the effect
        return outcomes.shift() ?? { kind: 'ack' };
      },
    });
  }

  const effects = () => subject.database.query.select().from(outbox);

  it('lets an event take effect once, however often it is delivered', async () => {
    const event = stockReserved();
    const { handle } = consumer([]);

    const outcomes = await Promise.all([handle(event), handle(event), handle(event)]);

    expect(outcomes).toEqual([{ kind: 'ack' }, { kind: 'ack' }, { kind: 'ack' }]);
    expect(await effects()).toHaveLength(1);
  });

  it('undoes the effect of a handler that wants a retry, and lets the retry take effect', async () => {
    const event = stockReserved();
    const { handle } = consumer([{ kind: 'retry', reason: 'too early' }]);

    expect(await handle(event)).toEqual({ kind: 'retry', reason: 'too early' });
    expect(await effects()).toHaveLength(0);
    expect(await subject.database.query.select().from(inbox)).toHaveLength(0);

    expect(await handle(event)).toEqual({ kind: 'ack' });
    expect(await effects()).toHaveLength(1);
  });

  it('keeps a dead letter with its reason, once', async () => {
    const event = stockReserved();
    const { keepDeadLetter } = consumer([]);
    const letter = { consumer: 'orders', event, reason: 'unknown order', attempts: 4 };

    await keepDeadLetter?.(letter);
    await keepDeadLetter?.(letter);

    const rows = await subject.database.query.select().from(deadLetters);
    expect(rows).toEqual([
      expect.objectContaining({ eventId: event.id, reason: 'unknown order', attempts: 4 }),
    ]);
  });
});
