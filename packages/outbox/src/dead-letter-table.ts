import type { Database, Queryable } from '@trellis/database';
import { and, asc, count, eq, inArray, or, sql } from 'drizzle-orm';
import { outboxChannel } from './append-events.ts';
import { deadLetters, outbox } from './tables.ts';

/** An event that a consumer of this service gave up, or that its outbox could not publish. */
export type KeptLetter = typeof deadLetters.$inferSelect;

/** Which of them. */
export interface LetterKey {
  readonly consumer: string;
  readonly eventId: string;
}

/** Who gave up a dead letter that no consumer has seen. */
export const unpublished = 'outbox';

/**
 * What was given up, the oldest first.
 * @param options.eventIds only these; without it, all.
 */
export function listDeadLetters(
  database: Database,
  options: { readonly limit: number; readonly eventIds?: readonly string[] | undefined },
): Promise<KeptLetter[]> {
  const { createdAt, consumer, eventId } = deadLetters;
  return database.query
    .select()
    .from(deadLetters)
    .where(options.eventIds === undefined ? undefined : inArray(eventId, [...options.eventIds]))
    .orderBy(asc(createdAt), asc(consumer), asc(eventId))
    .limit(options.limit);
}

/** How many dead letters each consumer has. */
export function countDeadLetters(
  database: Database,
): Promise<{ readonly consumer: string; readonly messages: number }[]> {
  return database.query
    .select({ consumer: deadLetters.consumer, messages: count() })
    .from(deadLetters)
    .groupBy(deadLetters.consumer)
    .orderBy(asc(deadLetters.consumer));
}

/**
 * Puts dead letters back into the outbox of this service, in one transaction: its relay delivers them as if they were new, with no attempt
 * counted, and what one consumer gave up to that consumer alone. An event that took effect meanwhile takes no effect again (inbox).
 * @returns those that were there; another replay may have been faster.
 */
export function replayDeadLetters(database: Database, keys: readonly LetterKey[]): Promise<LetterKey[]> {
  return database.transaction(async (tx) => {
    const letters = await remove(tx, keys);
    if (letters.length === 0) return [];
    await tx
      .insert(outbox)
      .values(
        letters
          .toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime())
          .map(({ consumer, event }) => ({ event, consumer: consumer === unpublished ? null : consumer })),
      );
    await tx.execute(sql`select pg_notify(${outboxChannel}, '')`);
    return letters.map(keyOf);
  });
}

/** Forgets dead letters for good. @returns those that were there. */
export function dropDeadLetters(database: Database, keys: readonly LetterKey[]): Promise<LetterKey[]> {
  return database.transaction(async (tx) => (await remove(tx, keys)).map(keyOf));
}

async function remove(tx: Queryable, keys: readonly LetterKey[]): Promise<KeptLetter[]> {
  if (keys.length === 0) return [];
  const chosen = keys.map(({ consumer, eventId }) =>
    and(eq(deadLetters.consumer, consumer), eq(deadLetters.eventId, eventId)),
  );
  return tx
    .delete(deadLetters)
    .where(or(...chosen))
    .returning();
}

function keyOf({ consumer, eventId }: KeptLetter): LetterKey {
  return { consumer, eventId };
}
