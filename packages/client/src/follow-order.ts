import { GraphQLRequestError } from './errors.ts';
import { OrderStatusChangedDocument, type OrderProgressFragment } from './generated/graphql.ts';
import { reconnectPause } from './reconnect-pause.ts';
import type { TrellisClient } from './trellis-client.ts';

export interface FollowOrderOptions {
  /** The last step that is known; 0 for all of them. Without it, the first that is told is how the order stands. */
  readonly afterSequence?: number;
  /** How often an answer that says to come again is followed by another attempt, until there is a step. Default: 10. */
  readonly attempts?: number;
  /** Ends it. */
  readonly signal?: AbortSignal;
}

/** By which the gateway, or the service behind it, says that the same subscription may be had in a moment. */
const comeAgain: ReadonlySet<string> = new Set([
  'SUBSCRIPTION_UPSTREAM_LOST',
  'GATEWAY_STOPPING',
  'SUPERGRAPH_UNAVAILABLE',
  'SUBREQUEST_HTTP_ERROR',
  'SUBREQUEST_TIMEOUT',
  'SUBREQUEST_CIRCUIT_OPEN',
  'SERVICE_UNAVAILABLE',
]);

/**
 * Follows an order until it has ended: each step once and in order, however often a connection breaks or a server goes away meanwhile. It
 * remembers the last step that it told, and every further subscription begins behind that.
 * @throws GraphQLRequestError when the subscription is refused, TransportError when no connection can be had.
 */
export async function* followOrder(
  client: Pick<TrellisClient, 'subscribe'>,
  orderId: string,
  options: FollowOrderOptions = {},
): AsyncGenerator<OrderProgressFragment, void, void> {
  const { attempts = 10, signal = new AbortController().signal } = options;
  let known = options.afterSequence;
  for (let failures = 0; !signal.aborted; failures++) {
    const steps = client.subscribe(OrderStatusChangedDocument, () => ({ orderId, afterSequence: known }));
    const leave = (): void => void steps.return?.();
    signal.addEventListener('abort', leave, { once: true });
    try {
      for await (const { orderStatusChanged: order } of steps) {
        failures = 0;
        known = order.sequence;
        yield order;
      }
      return;
    } catch (error) {
      if (!asksToComeAgain(error) || failures >= attempts) throw error;
    } finally {
      signal.removeEventListener('abort', leave);
    }
    await reconnectPause(failures, signal).catch(() => undefined); // it was ended meanwhile
  }
}

function asksToComeAgain(error: unknown): boolean {
  return (
    error instanceof GraphQLRequestError &&
    error.codes.length > 0 &&
    error.codes.every((code) => comeAgain.has(code))
  );
}
