import { createIdentitySigner } from '@trellis/auth';
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
import { readBytes } from '../execution/compiled/json-bytes.ts';
import { createEngine, type Engine } from '../execution/engine.ts';
import { createExecutor } from '../protocol/apollo-gateway.ts';
import type { RequestContext } from '../request-context.ts';
import { createPresentResult } from '../security/present-errors.ts';
import { shareSubgraphRequests } from '../sharing/share-subgraph-requests.ts';
import { createSubgraphClient, type SubgraphClient } from '../subgraph/subgraph-client.ts';
import { refuseUnknownSubgraphs } from '../subgraph/traffic/traffic-options.ts';
import { fixedSupergraph, type SupergraphSource } from '../supergraph/supergraph-source.ts';
import { createSupergraphStore, type SupergraphStore } from '../supergraph/supergraph-store.ts';
import { managedSupergraph } from '../supergraph/manager-source.ts';
import { uplinkManager } from '../supergraph/uplink-source.ts';
import { createDataSourceClient } from './data-source-client.ts';
import { checkSubgraphs, createDataSources, sourceServices, type DataSources } from './data-sources.ts';
import { incomingContext } from './incoming-context.ts';
import { recordsTo } from '../supergraph/message-logger.ts';
import {
  checkTrellisGatewayOptions,
  type CheckedOptions,
  type TrellisGatewayOptions,
} from './trellis-gateway-options.ts';

/**
 * The engine in the place of `ApolloGateway`: `new ApolloServer({ gateway: new TrellisGateway({ supergraphSdl }) })`. Apollo Server
 * keeps doing HTTP, contexts and plugins; planning, execution and the traffic with subgraphs are the engine's.
 */
export class TrellisGateway implements GatewayInterface {
  readonly #options: CheckedOptions;
  readonly #logger: Logger;
  /** Who listens since before the start. */
  readonly #early = new Set<EarlyListener>();
  readonly #parts;
  #store: SupergraphStore | undefined;

  /** @throws TypeError for an option that is none or does not fit, and for one of `ApolloGateway` that is said otherwise here. */
  constructor(options: TrellisGatewayOptions = {}) {
    this.#options = checkTrellisGatewayOptions(options);
    this.#logger = options.logger === undefined ? createLogger('gateway', 'warn') : recordsTo(options.logger);
    this.#parts = createStopSequence(this.#logger);
    for (const name of this.#options.ignored)
      this.#logger.warn(`the option ${name} has no effect on TrellisGateway`);
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
    // Managers say themselves which headers they send: rules are for the operations of clients.
    const forManagers = this.#parts.add(createHttpClient(options, undefined, this.#logger));
    const dataSourceOf = createDataSources(options.buildService, forManagers);
    const source = await this.#source(apollo, dataSourceOf);
    this.#parts.add({ stop: async () => source.stop?.() });
    const store = createSupergraphStore(
      await source.load(sourceServices(dataSourceOf, this.#logger)),
      { subgraphUrls: {}, incremental: false },
      this.#logger,
    );
    refuseUnknownSubgraphs(options.namedSubgraphs, store.current().subgraphs.keys());
    this.#store = store;
    const client =
      options.buildService === undefined
        ? shareSubgraphRequests(
            this.#parts.add(createHttpClient(options, options.rewriteHeadersFor, this.#logger)),
          )
        : createDataSourceClient(dataSourceOf, (context) => incoming.get(context)!);
    const engine = createEngine(client, this.#logger, createPresentResult(this.#logger), options.engine);
    this.#parts.add(engine);
    for (const listener of this.#early) listener.unsubscribe = store.onChange(told(listener.callback));
    this.#parts.add(
      source.watch(
        (supergraphSdl) => store.replace(supergraphSdl),
        (problem) => this.#logger.error(`${problem}; the one before stays in service`),
        () => this.#logger.info('the supergraph can be read again'),
      ),
    );
    const contextOf = (request: GatewayGraphQLRequestContext): RequestContext => {
      const context = incomingContext(request, options.clientHeaders);
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
  options: CheckedOptions,
  rewriteHeadersFor: CheckedOptions['rewriteHeadersFor'] | undefined,
  logger: Logger,
): SubgraphClient {
  return createSubgraphClient({
    signer: options.signingKey && createIdentitySigner(options.signingKey),
    rulesOf: options.rulesOf,
    rewriteHeadersFor,
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
        return JSON.parse(readBytes(answer.body)) as ExecutionResult;
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
