import { randomUUID } from 'node:crypto';
import type { Database } from '@trellis/database';
import { InvalidEventError } from '@trellis/event-contracts';
import { failpoint } from '@trellis/failpoints';
import type { Logger, Stoppable } from '@trellis/lifecycle';
import type { EventPublisher } from '@trellis/messaging';
import { readId } from '@trellis/validation';
import { asc, inArray, lte, sql } from 'drizzle-orm';
import { outboxChannel } from './append-events.ts';
import { unpublished } from './dead-letter-table.ts';
import { deadLetters, outbox } from './tables.ts';

export interface OutboxRelayOptions {
  readonly database: Database;
  readonly publisher: EventPublisher;
  readonly logger: Logger;
  /** Rows taken up at once. */
  readonly batchSize?: number;
  /** How long a relay may keep a row before another one may take it: longer than any publish takes. */
  readonly leaseMs?: number;
  /** How often to look without being woken: for what waits for its backoff, or for a lease of a relay that died. */
  readonly pollMs?: number;
  /** The pause after the first failure of a row; doubled with each further one, up to the publisher's longest. Default 100 ms. */
  readonly backoffMs?: number;
}

type OutboxRow = typeof outbox.$inferSelect;

/** A row that was not published, and why. */
interface Failure {
  readonly row: OutboxRow;
  readonly reason: string;
}

/** Where the publisher says nothing. Short, so that events flow again soon after the broker is back: until then a try costs next to nothing. */
const usualLongestPauseMs = 5_000;

/**
 * Carries committed events from the outbox to the bus: at least once, roughly in the order of their commit, each row by one relay at
 * a time however many replicas run one. A row is leased, published, and deleted once the bus confirmed it. No transaction is open while
 * publishing: on the embedded stack the consumers need the database that it would hold.
 */
export async function startOutboxRelay(options: OutboxRelayOptions): Promise<Stoppable> {
  const { database, publisher, logger, batchSize = 200, pollMs = 500 } = options;
  const leaseMs = options.leaseMs ?? 10_000;
  const backoffMs = options.backoffMs ?? 100;
  const maxBackoffMs = publisher.longestPauseMs ?? usualLongestPauseMs;
  let stopped = false;
  let woken = false;
  let running: Promise<void> | undefined;

  /** Starts a drain, or makes the one under way look once more. */
  function wake(): void {
    woken = true;
    if (running !== undefined || stopped) return;
    running = drain()
      .catch((error: unknown) => logger.warn({ err: error }, 'the outbox could not be drained; trying again'))
      .finally(() => {
        running = undefined;
      });
  }

  /**
   * While the outbox is full, the next batch is taken up during the publishing of the one before: the database and the broker then work at
   * the same time, and not in turns.
   */
  async function drain(): Promise<void> {
    let before: Promise<void> = Promise.resolve();
    try {
      while (woken && !stopped) {
        woken = false;
        const rows = await lease();
        if (rows.length === 0) {
          // Until it is over, somebody who is woken must find this drain at work.
          await before;
          continue;
        }
        failpoint('outbox.leased');
        const leasedAt = performance.now();
        const publishing = publish(rows);
        publishing.catch(() => undefined); // it is awaited below, and until then nobody hears of it
        const earlier = before;
        before = publishing; // also where the earlier one fails: the drain does not end before everything it began has
        await earlier;
        if (rows.length >= batchSize) woken = true;
        // A small batch is worth no hurry: what is committed meanwhile makes the next one larger. And what may come to the end of its lease
        // is waited for, or it would be taken up here again.
        if (rows.length < batchSize || performance.now() - leasedAt > leaseMs / 2) await publishing;
      }
    } finally {
      await before;
    }
  }

  async function lease(): Promise<OutboxRow[]> {
    const due = database.query
      .select({ position: outbox.position })
      .from(outbox)
      .where(lte(outbox.availableAt, sql`now()`))
      .orderBy(asc(outbox.position))
      .limit(batchSize)
      .for('update', { skipLocked: true });
    const rows = await database.query
      .update(outbox)
      .set({
        attempts: sql`${outbox.attempts} + 1`,
        availableAt: sql`now() + ${leaseMs} * interval '1 millisecond'`,
      })
      .where(inArray(outbox.position, due))
      .returning();
    return rows.sort((a, b) => a.position - b.position);
  }

  async function publish(rows: readonly OutboxRow[]): Promise<void> {
    const sent: number[] = [];
    const failed: Failure[] = [];
    const unpublishable: Failure[] = [];
    await Promise.all(
      rows.map((row) =>
        publisher.publish(row.event, row.attempts, row.consumer ?? undefined).then(
          () => sent.push(row.position),
          (error: unknown) => {
            const reason = error instanceof Error ? error.message : String(error);
            (error instanceof InvalidEventError ? unpublishable : failed).push({ row, reason });
          },
        ),
      ),
    );
    failpoint('outbox.confirmed');
    if (sent.length > 0) await database.query.delete(outbox).where(inArray(outbox.position, sent));
    failpoint('outbox.deleted');
    if (unpublishable.length > 0) await giveUp(unpublishable);
    if (failed.length > 0) await reschedule(failed);
  }

  /** No repetition can make an event readable that does not fit its contract: it is kept with its reason, and out of the way. */
  async function giveUp(unpublishable: readonly Failure[]): Promise<void> {
    await database.transaction(async (tx) => {
      await tx
        .insert(deadLetters)
        .values(
          unpublishable.map(({ row: { event, consumer, attempts }, reason }) => ({
            consumer: consumer ?? unpublished,
            eventId: letterId(event),
            event,
            reason,
            attempts,
          })),
        )
        .onConflictDoNothing();
      await tx.delete(outbox).where(
        inArray(
          outbox.position,
          unpublishable.map(({ row }) => row.position),
        ),
      );
    });
    for (const { row, reason } of unpublishable) {
      const { id: eventId, type: eventType } = row.event;
      logger.error(
        { eventId, eventType, reason },
        'an event can never be published; it is a dead letter now',
      );
    }
  }

  async function reschedule(failed: readonly Failure[]): Promise<void> {
    // One line a batch: while the broker is away, every event in the outbox fails.
    logger.warn(
      { events: failed.length, reason: failed[0]?.reason },
      'events could not be published; they stay in the outbox',
    );
    const positions = sql.param(failed.map(({ row }) => row.position));
    const reasons = sql.param(failed.map(({ reason }) => reason));
    await database.query.execute(sql`
      update ${outbox}
      set last_error = failed.reason,
        available_at = now() + interval '1 millisecond'
          * least(${backoffMs}::float8 * power(2, least(attempts - 1, 30)), ${maxBackoffMs}::float8)
      from unnest(${positions}::bigint[], ${reasons}::text[]) as failed(position, reason)
      where ${outbox}.position = failed.position`);
  }

  const listening = await database.listen(outboxChannel, wake);
  const poll = setInterval(wake, pollMs);
  wake();
  return {
    async stop() {
      stopped = true;
      clearInterval(poll);
      await listening.stop();
      await running;
    },
  };
}

/** An event's id may be what is wrong with it. */
function letterId({ id }: { readonly id?: unknown }): string {
  return (typeof id === 'string' ? readId(id) : undefined) ?? randomUUID();
}
