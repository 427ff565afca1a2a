import type { Identity } from '@trellis/auth';
import type { Logger } from '@trellis/lifecycle';

/** What every resolver knows of its request. A subgraph adds its own services and loaders to it. */
export interface RequestContext {
  /** For whom the gateway asks. */
  readonly identity: Identity;
  /** Follows one client request through every service and event. */
  readonly correlationId: string;
  /** W3C Trace Context, when the client or the gateway sent one. */
  readonly traceparent?: string;
  readonly logger: Logger;
  /** Aborts when nobody waits for the answer any more: the client left, or the gateway gave up. */
  readonly signal: AbortSignal;
}
