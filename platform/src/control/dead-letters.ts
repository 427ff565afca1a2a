import type { Database } from '@trellis/database';
import { dropDeadLetters, listDeadLetters, replayDeadLetters, type KeptLetter } from '@trellis/outbox';
import { z } from 'zod';

/** A dead letter as JSON carries it. */
export type ListedLetter = Omit<KeptLetter, 'createdAt'> & { readonly createdAt: string };

/** The body of a request is not what its path takes. */
export class MalformedRequestError extends Error {
  override readonly name = 'MalformedRequestError';
}

/** A statement takes 65,535 parameters, and each letter is two. */
const mostAtOnce = 10_000;

const listing = z.strictObject({
  limit: z.int().min(1).max(50_000),
  eventIds: z.array(z.uuid()).max(mostAtOnce).optional(),
});
const choice = z.strictObject({
  keys: z.array(z.strictObject({ consumer: z.string(), eventId: z.uuid() })).max(mostAtOnce),
});

/**
 * Works on the dead letters of one database. `list` takes `{ limit, eventIds? }`; `replay` and `drop` take `{ keys: [{ consumer, eventId }] }`
 * and answer the keys of those that were there.
 * @returns undefined for a step that there is not.
 * @throws MalformedRequestError when the body is something else.
 */
export async function workOnDeadLetters(database: Database, step: string, body: string): Promise<unknown> {
  if (step === 'list') return listDeadLetters(database, read(listing, body));
  if (step === 'replay') return replayDeadLetters(database, read(choice, body).keys);
  if (step === 'drop') return dropDeadLetters(database, read(choice, body).keys);
  return undefined;
}

function read<T>(schema: z.ZodType<T>, body: string): T {
  try {
    return schema.parse(JSON.parse(body));
  } catch (error) {
    throw new MalformedRequestError(`the request cannot be read: ${String(error)}`, { cause: error });
  }
}
