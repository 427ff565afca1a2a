/** When a subgraph that fails is left alone. */
export interface CircuitBreakerRules {
  /** The share of requests within `windowMs` that must fail, more than 0 and less than 1. */
  readonly failureRatio: number;
  /** With fewer requests than this in `windowMs`, nothing is concluded. */
  readonly minimumRequests: number;
  readonly windowMs: number;
  /** How long the subgraph is left alone before one request tries it. */
  readonly openMs: number;
}

/** How the gateway speaks with a subgraph. */
export interface TrafficRules {
  /** How long the subgraph may take to answer, all attempts and the pauses between them included; for a stream, to begin. */
  readonly deadlineMs: number;
  /** How often a query is sent again when the subgraph was not reached or answered 502, 503 or 504. Mutations never are. */
  readonly retries: number;
  /** `false` asks the subgraph however often it fails. */
  readonly circuitBreaker: CircuitBreakerRules | false;
  /** Asks for compressed answers: less traffic for more CPU on both sides. Compressed answers are understood in any case. */
  readonly compression: boolean;
  /** How its subscriptions travel: server-sent events, a request each, or WebSocket (graphql-transport-ws), a connection for each caller. */
  readonly subscriptions: 'sse' | 'ws';
  /** Where its WebSocket is, `ws:` or `wss:`, when that is not its routing URL. */
  readonly subscriptionUrl?: string | undefined;
}

export const defaultTrafficRules: TrafficRules = {
  deadlineMs: 10_000,
  retries: 2,
  circuitBreaker: { failureRatio: 0.5, minimumRequests: 20, windowMs: 10_000, openMs: 5_000 },
  compression: false,
  subscriptions: 'sse',
};
