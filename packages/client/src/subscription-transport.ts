import type { OperationPayload } from './operation.ts';
import type { ResultSink } from './result-stream.ts';

/** Carries subscriptions. Results are bodies of GraphQL responses. */
export interface SubscriptionTransport {
  /** Begins, and returns what ends it. */
  subscribe(payload: OperationPayload, sink: ResultSink<unknown>): () => void;
  /** Ends every subscription. */
  stop(): Promise<void>;
}

/** What every transport has to know. */
export interface TransportOptions {
  readonly url: string;
  readonly token: () => string | undefined;
  /** How often a connection that broke is tried again before the subscription fails, with growing pauses in between. */
  readonly reconnectAttempts: number;
}
