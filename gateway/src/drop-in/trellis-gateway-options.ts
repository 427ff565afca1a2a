import type { SigningKey } from '@trellis/auth';
import type { EngineOptions } from '../execution/engine.ts';
import { checkForwardHeaders } from '../subgraph/headers/forward-headers.ts';
import { checkHeaderRules, subgraphsOf, type HeaderRules } from '../subgraph/headers/header-rules.ts';
import { createRequestHeaders, type RequestHeaders } from '../subgraph/headers/request-header-rules.ts';
import { trafficRulesOf, type SubgraphRules } from '../subgraph/traffic/traffic-options.ts';
import type { TrafficRules } from '../subgraph/traffic/traffic-rules.ts';
import type { SupergraphManager, SupergraphSdlHook } from '../supergraph/manager-source.ts';
import type { UplinkOptions } from '../supergraph/uplink-source.ts';
import type { DataSource } from '../subgraph/data-source.ts';
import { checkOptions } from './foreign-options.ts';
import type { MessageLogger } from '../supergraph/message-logger.ts';

/** What `TrellisGateway` is told. Names and meanings are those of `ApolloGateway`, where it has them. */
export interface TrellisGatewayOptions extends UplinkOptions {
  /**
   * The supergraph: its SDL; a manager such as `IntrospectAndCompose`; or a function that is called once and may update it later. Absent: it comes
   * from Apollo's Uplink by `APOLLO_KEY` and `APOLLO_GRAPH_REF`.
   */
  readonly supergraphSdl?: string | SupergraphManager | SupergraphSdlHook;
  /**
   * Makes what speaks with a subgraph, once for each. Data sources of `@apollo/gateway` work as they are, at their own speed. Absent: Trellis
   * speaks with subgraphs itself.
   */
  readonly buildService?: (subgraph: { name: string; url: string }) => DataSource;
  /** How long an operation as a whole may take. 30,000 ms when absent. */
  readonly requestDeadlineMs?: number;
  /** Labels of progressive `@override`s that are on for everybody; `percent(...)` decides for itself. None when absent. */
  readonly overrideLabels?: readonly string[];
  /** Makes one request of fetches for one subgraph that can be made together. True when absent. */
  readonly mergeFetches?: boolean;
  /** Client headers that subgraphs are given. None when absent. Only without `buildService`. */
  readonly forwardHeaders?: readonly string[];
  /** Which headers requests to subgraphs have beside those. None when absent. Only without `buildService`. */
  readonly headers?: Pick<HeaderRules, 'request'>;
  /** Signs an identity for subgraphs, `x-gateway-identity`. Absent: none is sent. Only without `buildService`. */
  readonly signingKey?: SigningKey;
  /** How long a subgraph may take to answer. 10,000 ms when absent. Only without `buildService`. */
  readonly subgraphDeadlineMs?: number;
  /** How often a query is sent again to a subgraph that was not reached or answered 502, 503 or 504. 2 when absent. Only without `buildService`. */
  readonly subgraphRetries?: number;
  /** When a subgraph that fails is left alone for a while; `false` for never. Only without `buildService`. */
  readonly circuitBreaker?: TrafficRules['circuitBreaker'];
  /** Rules for single subgraphs, by name, where they differ from those for all. Only without `buildService`. */
  readonly subgraphs?: SubgraphRules;
  /** A subgraph's response of more bytes is refused. 32 MiB when absent. Only without `buildService`. */
  readonly maxSubgraphResponseBytes?: number;
  /** Warnings go to standard error when absent. */
  readonly logger?: MessageLogger;
}

/** Options about how Trellis speaks with subgraphs. */
const ownTraffic = {
  forwardHeaders: true,
  headers: true,
  signingKey: true,
  subgraphDeadlineMs: true,
  subgraphRetries: true,
  circuitBreaker: true,
  subgraphs: true,
  maxSubgraphResponseBytes: true,
} satisfies { readonly [K in keyof TrellisGatewayOptions]: true };

const optionNames: ReadonlySet<string> = new Set(
  Object.keys({
    ...ownTraffic,
    supergraphSdl: true,
    buildService: true,
    requestDeadlineMs: true,
    overrideLabels: true,
    mergeFetches: true,
    logger: true,
    uplinkEndpoints: true,
    uplinkMaxRetries: true,
    fallbackPollIntervalInMs: true,
    serviceHealthCheck: true,
  } satisfies Record<keyof TrellisGatewayOptions, true>),
);

/** The options as `TrellisGateway` works by them. */
export interface CheckedOptions extends TrellisGatewayOptions {
  /** Names of options that have no effect here. */
  readonly ignored: readonly string[];
  readonly engine: EngineOptions;
  readonly rulesOf: (subgraph: string) => TrafficRules;
  /** The client's headers that some subgraph is given. */
  readonly clientHeaders: readonly string[];
  readonly rewriteHeadersFor: RequestHeaders['rewriteFor'];
  /** Every subgraph that a rule is for. */
  readonly namedSubgraphs: readonly string[];
}

/** @throws TypeError for an option that is none, that does not fit, or on which nothing would depend. */
export function checkTrellisGatewayOptions(options: TrellisGatewayOptions): CheckedOptions {
  const ignored = checkOptions(options, optionNames);
  const { buildService, subgraphs = {} } = options;
  const idle = Object.entries(options).find(([name, value]) => name in ownTraffic && value !== undefined);
  if (buildService !== undefined && idle !== undefined) {
    throw new TypeError(
      `TrellisGateway does not take ${idle[0]} together with buildService: its data sources speak with subgraphs, so let them do it`,
    );
  }
  const { request = [], response } = checkHeaderRules(options.headers ?? {});
  if (response !== undefined) {
    throw new TypeError(
      'TrellisGateway takes no rules for the headers of responses: those are Apollo Server’s to write',
    );
  }
  const requestHeaders = createRequestHeaders(checkForwardHeaders(options.forwardHeaders), request);
  return {
    ...options,
    ignored,
    engine: {
      requestDeadlineMs: options.requestDeadlineMs ?? 30_000,
      overrideLabels: options.overrideLabels ?? [],
      mergeFetches: options.mergeFetches ?? true,
    },
    rulesOf: trafficRulesOf(options),
    clientHeaders: requestHeaders.fromClient,
    rewriteHeadersFor: requestHeaders.rewriteFor,
    namedSubgraphs: [...Object.keys(subgraphs), ...subgraphsOf({ request })],
  };
}
