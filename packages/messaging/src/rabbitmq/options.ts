import { eventExchange, knownBindings, type EventBinding } from '@trellis/event-contracts';
import type { Logger } from '@trellis/lifecycle';

export interface RabbitMqBusOptions {
  /** `amqp://user:password@host:port/vhost` or `amqps://…`. */
  readonly url: string;
  readonly logger: Logger;
  /** The topic exchange. Default `trellis.events`. */
  readonly exchange?: string;
  /** Goes before the name of every queue and retry exchange; for tests and for platforms that share a broker. Default none. */
  readonly queuePrefix?: string;
  /** Whose queues exist before anything is published, so that no event is lost to a consumer that has not run yet. Default: the contracts'. */
  readonly bindings?: readonly EventBinding[];
  /** Pauses before the second, third … attempt; the last one repeats. Each is one queue on the broker. Default 1 s to 10 min. */
  readonly retryDelaysMs?: readonly number[];
  /** After how many attempts an event is given up to the dead letters. Default 10: with the default pauses, after about an hour. */
  readonly maxAttempts?: number;
  /** How many deliveries of one queue this process has in hand at most. Default 20. */
  readonly prefetch?: number;
  /** How long `publish` waits for the broker's confirm; less than an outbox keeps its lease. Default 5 s. */
  readonly confirmTimeoutMs?: number;
  /** How long connecting may take. Default 5 s. */
  readonly connectTimeoutMs?: number;
  /** A peer that says nothing for about two of these is taken for dead. Default 15 s. */
  readonly heartbeatSeconds?: number;
  /** The longest pause between two attempts to connect again; the first is 100 ms. Default 1 s: an attempt costs next to nothing. */
  readonly maxReconnectDelayMs?: number;
}

/** The pauses where nothing else is said; each is a queue on the broker, `trellis.retry.<ms>`. */
export const usualRetryDelaysMs: readonly number[] = [1_000, 5_000, 30_000, 120_000, 600_000];

/** The options with every default in its place. */
export type RabbitMqSettings = Required<RabbitMqBusOptions>;

/** @throws Error when the URL or the list of delays cannot be used: no waiting would mend that. */
export function normaliseOptions(options: RabbitMqBusOptions): RabbitMqSettings {
  const settings = {
    exchange: eventExchange,
    queuePrefix: '',
    bindings: knownBindings,
    retryDelaysMs: usualRetryDelaysMs,
    maxAttempts: 10,
    prefetch: 20,
    confirmTimeoutMs: 5_000,
    connectTimeoutMs: 5_000,
    heartbeatSeconds: 15,
    maxReconnectDelayMs: 1_000,
    ...options,
  };
  if (settings.retryDelaysMs.length === 0) throw new Error('retryDelaysMs must hold at least one delay');
  return { ...settings, url: urlWithHeartbeat(settings.url, settings.heartbeatSeconds) };
}

function urlWithHeartbeat(text: string, heartbeatSeconds: number): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['amqp:', 'amqps:'].includes(url.protocol) || url.hostname === '') {
    // The text itself stays out of the message: it may hold a password.
    throw new Error('the URL of the broker (AMQP_URL) must look like amqp://user:password@host:5672/vhost');
  }
  if (!url.searchParams.has('heartbeat')) url.searchParams.set('heartbeat', String(heartbeatSeconds));
  return url.href;
}
