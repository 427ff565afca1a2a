import type { SigningKey } from '@trellis/auth';
import type { Logger } from '@trellis/lifecycle';
import { operationCacheBytes } from './operation/operation-caches.ts';
import { checkOrigins } from './protocol/cors.ts';
import { checkForwardHeaders } from './subgraph/headers/forward-headers.ts';
import type { TokenRules } from './security/authenticate.ts';
import { checkHeaderRules, type HeaderRules } from './subgraph/headers/header-rules.ts';
import { createRequestHeaders } from './subgraph/headers/request-header-rules.ts';
import type { SubgraphRules } from './subgraph/traffic/traffic-options.ts';
import type { TrafficRules } from './subgraph/traffic/traffic-rules.ts';
import type { SupergraphSource } from './supergraph/supergraph-source.ts';

/** What `createGateway` is told. */
export interface GatewayOptions {
  /** Where the supergraph comes from: `supergraphFile`, `supergraphUrl`, `introspectedSupergraph`, `uplinkSupergraph` or `fixedSupergraph`. */
  readonly supergraph: SupergraphSource;
  /** 4000 when absent; 0 asks the system for a free one. */
  readonly port?: number;
  /** The address to listen on. `127.0.0.1` when absent, which keeps it to this machine. */
  readonly host?: string;
  /** Where the gateway logs: `createLogger`, or another logger of pino's. */
  readonly logger: Logger;
  /** Whose access tokens are accepted. Absent: a request that carries one is refused, unless `authorization` is forwarded. */
  readonly tokens?: TokenRules;
  /** Signs the identity that subgraphs are told: what `importSigningKey` makes of a PEM. Absent: a key is made for the life of this process. */
  readonly signingKey?: SigningKey;
  /** Tells subgraphs on whose behalf they are asked, in `x-gateway-identity`. True when absent; `signingKey` is not used when it is false. */
  readonly subgraphIdentity?: boolean;
  /** Routing URLs that replace those of the supergraph, by subgraph name. */
  readonly subgraphUrls?: Readonly<Record<string, string>>;
  /** Client headers that subgraphs are given. None when absent. */
  readonly forwardHeaders?: readonly string[];
  /** Which headers travel between clients and subgraphs beside those. None when absent. */
  readonly headers?: HeaderRules;
  /** Origins whose pages may call the gateway. None but its own when absent; with `explorer`, those of this machine too. */
  readonly corsOrigins?: readonly string[];
  /** Shows Apollo Sandbox on the landing page and the offline explorer at `/explorer`, and lets local pages in. False when absent. */
  readonly explorer?: boolean;
  /** Lets clients read the schema. As `explorer` when absent. */
  readonly introspection?: boolean;
  /** The operation that explorers are opened with. None when absent. */
  readonly exampleQuery?: string;
  /** Shares persisted queries between replicas; in memory when absent. */
  readonly redisUrl?: string;
  /** How long a subgraph may take to answer. 10,000 ms when absent. */
  readonly subgraphDeadlineMs?: number;
  /** How often a query is sent again to a subgraph that was not reached or answered 502, 503 or 504. 2 when absent. */
  readonly subgraphRetries?: number;
  /** When a subgraph that fails is left alone for a while; `false` for never. 5 s after more than half of at least 20 requests in 10 s failed when absent. */
  readonly circuitBreaker?: TrafficRules['circuitBreaker'];
  /** Rules for single subgraphs, by name, where they differ from those for all. */
  readonly subgraphs?: SubgraphRules;
  /** How long an operation as a whole may take; of a subscription, each event. 30,000 ms when absent. */
  readonly requestDeadlineMs?: number;
  /** Labels of progressive `@override`s that are on for everybody; `percent(...)` decides for itself. None when absent. */
  readonly overrideLabels?: readonly string[];
  /** Makes one request of fetches for one subgraph that can be made together. True when absent. */
  readonly mergeFetches?: boolean;
  /** Sends equal queries of one caller to a subgraph once while they are in flight. True when absent. */
  readonly shareSubgraphRequests?: boolean;
  /** Executes equal queries of one caller once while they are in flight. False when absent. */
  readonly shareExecutions?: boolean;
  /** A subgraph's response, or an event of its stream, of more bytes is refused. 32 MiB when absent. */
  readonly maxSubgraphResponseBytes?: number;
  /** A subgraph's stream that is silent for this long counts as dead. 40,000 ms when absent. */
  readonly streamSilenceMs?: number;
  /** A request of more bytes is refused. 1 MiB when absent. */
  readonly maxRequestBytes?: number;
  /** Counts what happens and serves it to Prometheus at `/metrics` on this port; 0 asks the system for one. Nothing is counted when absent. */
  readonly metricsPort?: number;
  /** How many operations one request may hold as a list. 0 when absent, which refuses lists. */
  readonly batchLimit?: number;
  /** Packs responses of more than 1 kB for clients that accept it. True when absent. */
  readonly compression?: boolean;
  /** About how much memory operations that were seen may take, for each supergraph in service. 64 MiB when absent. */
  readonly operationCacheBytes?: number;
  /** How long a client may take to send a request, headers and body. 30,000 ms when absent. */
  readonly receiveTimeoutMs?: number;
  /** How long a connection is kept for its next request; longer than a proxy in front keeps it. 65,000 ms when absent. */
  readonly keepAliveMs?: number;
  /** How long requests in hand may take when the gateway is stopped. 10,000 ms when absent. */
  readonly stopGraceMs?: number;
}

/** The options with every default in its place. @throws TypeError for rules, names and origins that do not fit. */
export function withDefaults(options: GatewayOptions) {
  const explorer = options.explorer ?? false;
  const headers = checkHeaderRules(options.headers ?? {});
  const requestHeaders = createRequestHeaders(checkForwardHeaders(options.forwardHeaders), headers.request);
  return {
    ...options,
    explorer,
    metricsPort: options.metricsPort,
    port: options.port ?? 4000,
    host: options.host ?? '127.0.0.1',
    subgraphIdentity: options.subgraphIdentity ?? true,
    subgraphUrls: options.subgraphUrls ?? {},
    headers,
    forwardHeaders: requestHeaders.fromClient,
    rewriteHeadersFor: requestHeaders.rewriteFor,
    corsOrigins: checkOrigins(options.corsOrigins ?? []),
    introspection: options.introspection ?? explorer,
    requestDeadlineMs: options.requestDeadlineMs ?? 30_000,
    overrideLabels: options.overrideLabels ?? [],
    mergeFetches: options.mergeFetches ?? true,
    shareSubgraphRequests: options.shareSubgraphRequests ?? true,
    shareExecutions: options.shareExecutions ?? false,
    maxSubgraphResponseBytes: options.maxSubgraphResponseBytes ?? 32 * 1024 * 1024,
    streamSilenceMs: options.streamSilenceMs ?? 40_000,
    maxRequestBytes: options.maxRequestBytes ?? 1024 * 1024,
    batchLimit: options.batchLimit ?? 0,
    compression: options.compression ?? true,
    operationCacheBytes: options.operationCacheBytes ?? operationCacheBytes,
    stopGraceMs: options.stopGraceMs ?? 10_000,
  };
}

/** The options as the gateway works by them. */
export type ResolvedOptions = ReturnType<typeof withDefaults>;
