import { createIdentitySigner, type SigningKey } from '@trellis/auth';
import { createLogger, createStopSequence, type Logger } from '@trellis/lifecycle';
import type { ExecutionResult } from 'graphql';
import type {
  GatewayApolloConfig,
  GatewayGraphQLRequestContext,
  GatewayInterface,
  GatewayLoadResult,
  GatewaySchemaLoadOrUpdateCallback,
  GatewayUnsubscriber,
} from '@apollo/server-gateway-interface';
import { createEngine, type Engine } from '../execution/engine.ts';
import { createExecutor } from '../protocol/apollo-gateway.ts';
import type { RequestContext } from '../request-context.ts';
import { createPresentResult } from '../security/present-errors.ts';
import { checkForwardHeaders } from '../security/forward-headers.ts';
import { shareSubgraphRequests } from '../sharing/share-subgraph-requests.ts';
import { createSubgraphClient, type SubgraphClient } from '../subgraph/subgraph-client.ts';
import { refuseUnknownSubgraphs, trafficRulesOf, type SubgraphRules } from '../subgraph/traffic-options.ts';
import type { TrafficRules } from '../subgraph/traffic-rules.ts';
import { fixedSupergraph, type SupergraphSource } from '../supergraph/supergraph-source.ts';
import { createSupergraphStore, type SupergraphStore } from '../supergraph/supergraph-store.ts';
import {
  managedSupergraph,
  type SupergraphManager,
  type SupergraphSdlHook,
} from '../supergraph/manager-source.ts';
import { uplinkManager, type UplinkOptions } from '../supergraph/uplink-source.ts';
import type { DataSource } from './data-source.ts';
import { createDataSourceClient } from './data-source-client.ts';
import { checkSubgraphs, createDataSources, sourceServices, type DataSources } from './data-sources.ts';
import { checkOptions } from './foreign-options.ts';
import { incomingContext } from './incoming-context.ts';
import { recordsTo, type MessageLogger } from './message-logger.ts';

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
  /** Client headers that subgraphs are given. None when absent. Only without `buildService`. */
  readonly forwardHeaders?: readonly string[];
  /** Signs an identity for subgraphs, `x-gateway-identity`. Absent: none is sent. Only without `buildService`. */
  readonly signingKey?: SigningKey;
  /** How long a subgraph may take to answer. 10,000 ms when absent. Only without `buildService`. */
  readonly subgraphDeadlineMs?: number;
  /** How often a query is sent again to a subgraph that was not reached or answered 502, 503 or 504. 2 when absent. Only without `buildService`. */
  readonly subgraphRetries?: number;
  /** Rules for single subgraphs, by name, where they differ from those for all. Only without `buildService`. */
  readonly subgraphs?: SubgraphRules;
  /** A subgraph's response of more bytes is refused. 32 MiB when absent. Only without `buildService`. */
  readonly maxSubgraphResponseBytes?: number;
  /** Warnings go to standard error when absent. */
  readonly logger?: MessageLogger;
}

const optionNames: ReadonlySet<string> = new Set(
  Object.keys({
    supergraphSdl: true,
    buildService: true,
    forwardHeaders: true,
    signingKey: true,
    subgraphDeadlineMs: true,
    subgraphRetries: true,
    subgraphs: true,
    maxSubgraphResponseBytes: true,
    logger: true,
    uplinkEndpoints: true,
    uplinkMaxRetries: true,
    fallbackPollIntervalInMs: true,
    serviceHealthCheck: true,
  } satisfies Record<keyof TrellisGatewayOptions, true>),
);

/**
 * The engine in the place of `ApolloGateway`: `new ApolloServer({ gateway: new TrellisGateway({ supergraphSdl }) })`. Apollo Server
 * keeps doing HTTP, contexts and plugins; planning, execution and the traffic with subgraphs are the engine's.
 */
export class TrellisGateway implements GatewayInterface {
  readonly #options: TrellisGatewayOptions;
  readonly #forwardHeaders: readonly string[];
  readonly #rulesOf: (subgraph: string) => TrafficRules;
  readonly #logger: Logger;
  /** Who listens since before the start. */
  readonly #early = new Set<EarlyListener>();
  readonly #parts;
  #store: SupergraphStore | undefined;

  /** @throws TypeError for an option that is none or does not fit, and for one of `ApolloGateway` that is said otherwise here. */
  constructor(options: TrellisGatewayOptions = {}) {
    const ignored = checkOptions(options, optionNames);
    this.#options = options;
    this.#forwardHeaders = checkForwardHeaders(options.forwardHeaders);
    this.#rulesOf = trafficRulesOf(options);
    this.#logger = options.logger === undefined ? createLogger('gateway', 'warn') : recordsTo(options.logger);
    this.#parts = createStopSequence(this.#logger);
    for (const name of ignored) this.#logger.warn(`the option ${name} has no effect on TrellisGateway`);
  }

  /**
   * Loads the supergraph. Apollo Server calls this when it starts.
   * @throws SupergraphRefusedError when it cannot be served, TypeError when options name a subgraph that it does not have, or whatever its manager
   * throws; nothing is left running then.
   */
  async load({ apollo }: { apollo: GatewayApolloConfig }): Promise<GatewayLoadResult> {
    try {
      return await this.#start(apollo);
    } catch (error) {
      await this.#parts.stop();
      throw error;
    }
  }

  async #start(apollo: GatewayApolloConfig): Promise<GatewayLoadResult> {
    const options = this.#options;
    const incoming = new WeakMap<RequestContext, GatewayGraphQLRequestContext>();
    const http = this.#parts.add(createHttpClient(options, this.#rulesOf, this.#logger));
    const dataSourceOf = createDataSources(options.buildService, http);
    const source = await this.#source(apollo, dataSourceOf);
    this.#parts.add({ stop: async () => source.stop?.() });
    const store = createSupergraphStore(
      await source.load(sourceServices(dataSourceOf, this.#logger)),
      { subgraphUrls: {}, incremental: false },
      this.#logger,
    );
    refuseUnknownSubgraphs(Object.keys(options.subgraphs ?? {}), store.current().subgraphs.keys());
    this.#store = store;
    const client =
      options.buildService === undefined
        ? shareSubgraphRequests(http)
        : createDataSourceClient(dataSourceOf, (context) => incoming.get(context)!);
    const engine = createEngine(client, this.#logger, createPresentResult(this.#logger));
    this.#parts.add(engine);
    for (const listener of this.#early) listener.unsubscribe = store.onChange(told(listener.callback));
    this.#parts.add(
      source.watch(
        (supergraphSdl) => store.replace(supergraphSdl),
        (problem) => this.#logger.error(`${problem}; the one before stays in service`),
      ),
    );
    const contextOf = (request: GatewayGraphQLRequestContext): RequestContext => {
      const context = incomingContext(request, this.#forwardHeaders);
      incoming.set(context, request);
      return context;
    };
    return {
      executor: createExecutor({
        store,
        execute: compiled(engine),
        contextOf,
        noStreams: 'This server serves no subscriptions.',
      }),
    };
  }

  async #source(apollo: GatewayApolloConfig, dataSourceOf: DataSources): Promise<SupergraphSource> {
    const { supergraphSdl, serviceHealthCheck = false } = this.#options;
    if (typeof supergraphSdl === 'string') {
      if (serviceHealthCheck) await checkSubgraphs(supergraphSdl, dataSourceOf);
      return fixedSupergraph(supergraphSdl);
    }
    const manager =
      supergraphSdl ?? (await uplinkManager(apollo, this.#options, this.#options.logger ?? this.#logger));
    return managedSupergraph(manager);
  }

  /** Calls back with the schema of the supergraph in service, and of each later one. */
  onSchemaLoadOrUpdate(callback: GatewaySchemaLoadOrUpdateCallback): GatewayUnsubscriber {
    if (this.#store !== undefined) return this.#store.onChange(told(callback));
    const listener: EarlyListener = { callback };
    this.#early.add(listener);
    return () => {
      this.#early.delete(listener);
      listener.unsubscribe?.();
    };
  }

  /** Ends what the supergraph's manager does, and every connection to subgraphs. Apollo Server calls this when it stops. */
  stop(): Promise<void> {
    return this.#parts.stop();
  }
}

function createHttpClient(
  options: TrellisGatewayOptions,
  rulesOf: (subgraph: string) => TrafficRules,
  logger: Logger,
): SubgraphClient {
  return createSubgraphClient({
    signer: options.signingKey && createIdentitySigner(options.signingKey),
    rulesOf,
    logger,
    maxResponseBytes: options.maxSubgraphResponseBytes ?? 32 * 1024 * 1024,
    // Apollo Server serves no subscriptions, so there are no streams.
    streamSilenceMs: 0,
  });
}

interface EarlyListener {
  readonly callback: GatewaySchemaLoadOrUpdateCallback;
  /** There once the gateway has started. */
  unsubscribe?: () => void;
}

/** Executes by compiled operations: they write the response as text, and reading that again costs less than shaping it by graphql-js. */
function compiled(engine: Engine): Engine['execute'] {
  return async (request) => {
    const answer = await engine.answer(request);
    switch (answer.kind) {
      case 'written':
        return JSON.parse(answer.body.toString()) as ExecutionResult;
      case 'result':
        return answer.result;
      case 'refused':
        return engine.execute(request);
    }
  };
}

function told(callback: GatewaySchemaLoadOrUpdateCallback): Parameters<SupergraphStore['onChange']>[0] {
  return ({ apiSchema, supergraphSdl }) => callback({ apiSchema, coreSupergraphSdl: supergraphSdl });
}
