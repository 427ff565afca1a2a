import type { Logger } from '@trellis/lifecycle';
import pg from 'pg';
import type { Database } from './database.ts';

const reconnectDelayMs = 250;
const pingIntervalMs = 5_000;

/**
 * Keeps one connection of its own for `LISTEN`, because a pooled one would be handed to others between notifications. A lost
 * connection is opened again until it works, and then everyone who listens is told that something may have been missed.
 */
export function createPostgresListener(
  connection: pg.ClientConfig,
  logger: Logger,
): Pick<Database, 'listen' | 'stop'> {
  const listeners = new Map<string, Set<(payload: string | null) => void>>();
  let client: pg.Client | undefined;
  let connecting: Promise<void> | undefined;
  let stopped = false;
  /** Whether notifications may have been missed since a connection was lost. */
  let isBehind = false;
  let timer: NodeJS.Timeout | undefined;

  /** Opens the connection, or waits for it where somebody else is opening it already: a second one would never be closed. */
  function connect(): Promise<void> {
    connecting ??= open().finally(() => (connecting = undefined));
    return connecting;
  }

  async function open(): Promise<void> {
    const fresh = new pg.Client({ ...connection, query_timeout: pingIntervalMs });
    fresh.on('error', () => lost(fresh));
    fresh.on('end', () => lost(fresh));
    fresh.on('notification', ({ channel, payload }) => {
      for (const notify of listeners.get(channel) ?? []) notify(payload ?? '');
    });
    try {
      await fresh.connect();
      client = fresh;
      for (const channel of listeners.keys()) await fresh.query(`listen ${pg.escapeIdentifier(channel)}`);
    } catch (error) {
      if (client === fresh) client = undefined;
      fresh.end().catch(() => undefined); // it never worked, or no longer does
      throw error;
    }
    if (stopped) {
      await fresh.end();
      return;
    }
    watch(fresh);
    if (isBehind) catchUp();
  }

  function catchUp(): void {
    isBehind = false;
    logger.info('database notifications are back');
    for (const notify of [...listeners.values()].flatMap((set) => [...set])) notify(null);
  }

  /** A frozen server says nothing when it is gone, so ask. */
  function watch(current: pg.Client): void {
    clearTimeout(timer);
    timer = setTimeout(() => {
      current.query('select 1').then(
        () => client === current && !stopped && watch(current),
        () => lost(current),
      );
    }, pingIntervalMs);
  }

  function lost(gone: pg.Client): void {
    if (client !== gone || stopped) return;
    client = undefined;
    isBehind = true;
    gone.end().catch(() => undefined);
    logger.warn('the connection for database notifications was lost; reconnecting');
    reconnect();
  }

  function reconnect(): void {
    clearTimeout(timer);
    timer = setTimeout(() => {
      connect().catch(() => stopped || reconnect());
    }, reconnectDelayMs);
  }

  return {
    async listen(channel, onNotify) {
      const known = listeners.get(channel);
      const callbacks = known ?? new Set();
      callbacks.add(onNotify);
      listeners.set(channel, callbacks);
      if (client === undefined) await connect();
      // Also when someone listens already: the channel may have been added while the connection was being opened.
      await client?.query(`listen ${pg.escapeIdentifier(channel)}`);
      return {
        async stop() {
          callbacks.delete(onNotify);
        },
      };
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await connecting?.catch(() => undefined); // a connection that is being opened now ends itself
      await client?.end();
    },
  };
}
