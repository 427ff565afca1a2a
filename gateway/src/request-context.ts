import type { Identity } from '@trellis/auth';
import type { LeaveSignal } from './aborting.ts';
import type { ResponseHeaders } from './subgraph/headers/response-headers.ts';

/** What the gateway knows of a request besides its operation; made once at the edge and read by everything behind it. */
export interface RequestContext {
  /** On whose behalf it is made. */
  readonly identity: Identity;
  /** When the access token ends, in milliseconds since the epoch; absent for anonymous callers. */
  readonly identityExpiresAt?: number | undefined;
  /** Joins the logs of every process that the request touched. */
  readonly correlationId: string;
  /** The caller's W3C trace context, passed on as it came. */
  readonly traceparent?: string | undefined;
  /** Headers of the client that the configuration lets through to subgraphs, by lower-case name. */
  readonly forwardedHeaders: Readonly<Record<string, string>>;
  /** Gathers what the client is given of the subgraphs' headers; absent when that is nothing. */
  readonly responseHeaders?: ResponseHeaders | undefined;
  /** Aborted when the client leaves. */
  readonly signal: LeaveSignal;
}
