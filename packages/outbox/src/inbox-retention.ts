import type { Database } from '@trellis/database';
import { startPeriodicTask, type Logger, type Stoppable } from '@trellis/lifecycle';
import { lt, sql } from 'drizzle-orm';
import { inbox } from './tables.ts';

/** Far longer than any message stays on its way; a duplicate that is older than this would take effect again. */
const retentionDays = 14;
const intervalMs = 3_600_000;

/** Forgets, once an hour, what the inbox no longer needs to remember. */
export function startInboxRetention(database: Database, logger: Logger): Stoppable {
  return startPeriodicTask(
    'inbox retention',
    intervalMs,
    // Asynchronous, because drizzle sends a query only to whoever waits for it.
    async () =>
      database.query
        .delete(inbox)
        .where(lt(inbox.handledAt, sql`now() - ${retentionDays} * interval '1 day'`)),
    logger,
  );
}
