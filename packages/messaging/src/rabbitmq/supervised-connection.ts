import { connect, type ChannelModel } from 'amqplib';
import type { Logger } from '@trellis/lifecycle';
import { once, setMaxListeners } from 'node:events';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { BusStatus } from '../message-bus.ts';

/**
 * One life of a connection, from the handshake until the first thing that goes wrong on it. Whatever that is (the socket, a
 * channel the broker closed, a consumer it cancelled), the whole session ends and the next one begins from nothing: a single
 * way to recover, used by every failure.
 */
export interface Session {
  readonly model: ChannelModel;
  /** Aborted, with the reason, when the session is over. */
  readonly ended: AbortSignal;
  /** Ends the session. The first reason counts. */
  fail(reason: Error): void;
}

/** What a user of a connection does with each session. */
export interface SessionUser {
  /** Sets up channels and all that lives on them; a rejection ends the session, and another is tried. */
  open(session: Session): Promise<void>;
  /** Before an orderly close: flushes and closes what `open` made. Not called for a session that ended by itself. */
  close(): Promise<void>;
}

export interface SupervisedConnectionOptions {
  /** Names the connection in logs and in RabbitMQ's management: `publish`. */
  readonly name: string;
  readonly url: string;
  readonly logger: Logger;
  readonly connectTimeoutMs: number;
  readonly maxReconnectDelayMs: number;
  readonly user: SessionUser;
}

export interface SupervisedConnection {
  status(): BusStatus;
  /** Resolves when the first attempt to connect and set up has ended, well or not. */
  readonly attempted: Promise<void>;
  close(): Promise<void>;
}

const firstReconnectDelayMs = 100;
/** A session that lived this long counts as healthy: the next reconnect is quick again. */
const healthyAfterMs = 1_000;
/** How long a broker that no longer answers may delay each step of an orderly end. */
export const closeTimeoutMs = 2_000;

/** Keeps one connection to the broker: connects, and connects again whenever it is lost, until it is closed. */
export function superviseConnection(options: SupervisedConnectionOptions): SupervisedConnection {
  const { name, url, user, connectTimeoutMs, maxReconnectDelayMs } = options;
  const { host, pathname } = new URL(url);
  const logger = options.logger.child({ connection: name, broker: `${host}${pathname}` });
  const stopping = new AbortController();
  const stopped = abortOf(stopping.signal);
  let status: BusStatus = { kind: 'disconnected', reason: 'not connected yet' };
  let reportFirstAttempt: () => void = () => undefined;
  const attempted = new Promise<void>((resolve) => (reportFirstAttempt = resolve));

  async function run(): Promise<void> {
    let failures = 0;
    while (!stopping.signal.aborted) {
      const startedAt = performance.now();
      const reason = await live();
      if (!stopping.signal.aborted) report(reason);
      status = { kind: 'disconnected', reason: reason.message };
      reportFirstAttempt();
      failures = performance.now() - startedAt > healthyAfterMs ? 1 : failures + 1;
      await pause(reconnectDelay(failures, maxReconnectDelayMs), stopping.signal);
    }
  }

  /** One session from connect to end; answers why it ended. */
  async function live(): Promise<Error> {
    let model: ChannelModel;
    try {
      model = await connect(url, {
        noDelay: true, // without it Nagle's algorithm adds ~40 ms to every small frame
        keepAlive: true,
        timeout: connectTimeoutMs,
        clientProperties: { connection_name: `trellis ${name}` },
      });
    } catch (error) {
      return explain(error);
    }
    const ending = new AbortController();
    setMaxListeners(0, ending.signal); // every delivery in hand may wait for it
    const session: Session = { model, ended: ending.signal, fail: (reason) => ending.abort(reason) };
    // First of all: an `error` event that nobody listens to ends the process.
    model.on('error', session.fail);
    model.on('close', (reason) => session.fail(reason ?? new Error('the connection was closed')));
    try {
      await Promise.race([user.open(session), rejectionOf(session.ended), stopped]);
      if (!stopping.signal.aborted) {
        status = { kind: 'connected' };
        logger.info('connected to the broker');
        reportFirstAttempt();
        await Promise.race([abortOf(session.ended), stopped]);
      }
      if (!session.ended.aborted) await within(closeTimeoutMs, user.close());
    } catch (error) {
      session.fail(explain(error));
    }
    session.fail(new Error('stopped'));
    await closeModel(model);
    return explain(session.ended.reason);
  }

  function report(reason: Error): void {
    const news = status.kind === 'connected' || status.reason !== reason.message;
    // An outage is told once, not with every attempt.
    logger[news ? 'error' : 'debug']({ err: reason }, 'no connection to the broker; trying again');
  }

  const running = run();
  return {
    status: () => status,
    attempted,
    async close() {
      stopping.abort();
      await running;
      status = { kind: 'disconnected', reason: 'stopped' };
    },
  };
}

/** Waits, or less if the signal is aborted. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

function reconnectDelay(failures: number, maxMs: number): number {
  const exponential = Math.min(maxMs, firstReconnectDelayMs * 2 ** (failures - 1));
  // Half of it by chance, so that all the services do not come back to a restarted broker at the same instant.
  return exponential / 2 + (Math.random() * exponential) / 2;
}

async function abortOf(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}

async function rejectionOf(signal: AbortSignal): Promise<never> {
  await abortOf(signal);
  throw signal.reason;
}

async function closeModel(model: ChannelModel): Promise<void> {
  try {
    await within(closeTimeoutMs, model.close());
  } catch {
    // It was closed already, or the broker does not answer: destroying the socket is all that is left to do.
  }
  // amqplib only half-closes a socket whose peer is gone, and that would keep the process alive until TCP gives up. With an error,
  // because that is what makes it stop its heartbeat as well.
  const { stream } = model.connection as unknown as { readonly stream: Duplex };
  stream.destroy(new Error('the connection is over'));
}

/** @throws when the work takes longer than `ms`. */
export async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const timeout = new AbortController();
  const tooLate = async () => {
    await delay(ms, undefined, { signal: timeout.signal });
    throw new Error(`no answer from the broker in ${ms} ms`);
  };
  try {
    await Promise.race([work, tooLate()]);
  } finally {
    timeout.abort();
  }
}

function explain(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  if (error.message.includes('ACCESS_REFUSED') || error.message.includes('ACCESS-REFUSED')) {
    return new Error('the broker refused the user name or password of the URL', { cause: error });
  }
  // A host with several addresses fails with an AggregateError, whose own message is empty.
  if (error instanceof AggregateError && error.message === '') {
    return new Error(error.errors.map(String).join('; '), { cause: error });
  }
  return error;
}
