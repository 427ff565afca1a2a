import { createIdentitySigner, generateSigningKey, type SigningKey } from '@trellis/auth';
import type { StopSequence } from '@trellis/lifecycle';
import { createDataSources, sourceServices } from './drop-in/data-sources.ts';
import type { ResolvedOptions } from './options.ts';
import { subgraphsOf } from './subgraph/headers/header-rules.ts';
import { createSubgraphClient, type ObservedSubgraphClient } from './subgraph/subgraph-client.ts';
import { refuseUnknownSubgraphs, trafficRulesOf } from './subgraph/traffic/traffic-options.ts';
import { createSupergraphStore, type SupergraphStore } from './supergraph/supergraph-store.ts';

/** The way to the supergraph, and the way to subgraphs that it may lead over. */
export interface OpenedSupergraph {
  /** Signs what subgraphs are told of callers. Undefined: they are told nothing. */
  readonly signingKey: SigningKey | undefined;
  readonly connections: ObservedSubgraphClient;
  /** @throws what the source throws; SupergraphRefusedError; TypeError when options name a subgraph that is not there. */
  load(): Promise<SupergraphStore>;
}

/** @param parts are given what must be stopped. */
export function openSupergraph(settings: ResolvedOptions, parts: StopSequence): OpenedSupergraph {
  const { logger, supergraph } = settings;
  const signingKey = settings.subgraphIdentity ? (settings.signingKey ?? generateSigningKey()) : undefined;
  const connections = parts.add(
    createSubgraphClient({
      signer: signingKey && createIdentitySigner(signingKey),
      rulesOf: trafficRulesOf(settings),
      rewriteHeadersFor: settings.rewriteHeadersFor,
      logger,
      maxResponseBytes: settings.maxSubgraphResponseBytes,
      streamSilenceMs: settings.streamSilenceMs,
    }),
  );
  parts.add({ stop: async () => supergraph.stop?.() });
  const services = sourceServices(createDataSources(undefined, connections), logger);
  return {
    signingKey,
    connections,
    async load() {
      const store = createSupergraphStore(
        await supergraph.load(services),
        { subgraphUrls: settings.subgraphUrls, operationCacheBytes: settings.operationCacheBytes },
        logger,
      );
      const named = [...Object.keys(settings.subgraphs ?? {}), ...subgraphsOf(settings.headers)];
      refuseUnknownSubgraphs(named, store.current().subgraphs.keys());
      return store;
    },
  };
}
