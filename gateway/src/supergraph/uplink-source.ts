import type { GatewayApolloConfig } from '@apollo/server-gateway-interface';
import type { MessageLogger } from './message-logger.ts';
import { managedSupergraph, type SupergraphManager } from './manager-source.ts';
import type { SupergraphSource } from './supergraph-source.ts';

/** How Apollo's Uplink is asked; for a gateway without `supergraphSdl`. */
export interface UplinkOptions {
  /** Where Uplink is. Apollo's own when absent. */
  readonly uplinkEndpoints?: readonly string[];
  /** How often an answer of Uplink's is tried for again before it counts as failed. As often as makes three times for each endpoint when absent. */
  readonly uplinkMaxRetries?: number;
  /** How often Uplink is asked when it does not say itself, in milliseconds. 10,000 when absent. */
  readonly fallbackPollIntervalInMs?: number;
  /** Refuses a supergraph while one of its subgraphs does not answer. False when absent. */
  readonly serviceHealthCheck?: boolean;
}

/** A graph that Uplink delivers. */
export interface UplinkGraph extends Pick<UplinkOptions, 'uplinkEndpoints'> {
  /** As Apollo names it: `APOLLO_KEY`. */
  readonly key: string;
  /** `shop@current`: `APOLLO_GRAPH_REF`. */
  readonly graphRef: string;
  /** How often an answer is tried for again before it counts as failed. 3 when absent. */
  readonly uplinkMaxRetries?: number;
}

/** Each of Apollo's two endpoints is tried twice: more would be a minute in which nobody is told that a key is wrong. */
const maxRetries = 3;

/** A supergraph that Apollo's Uplink delivers, which is asked as often as it says itself. */
export function uplinkSupergraph({ key, graphRef, ...rest }: UplinkGraph): SupergraphSource {
  const options = { uplinkMaxRetries: maxRetries, ...rest };
  return managedSupergraph(async (services) => {
    let loaded = false;
    const { logger } = services;
    // What keeps the first supergraph away is thrown, so it is not logged too.
    const afterwards: MessageLogger = {
      debug: (message) => logger.debug(message),
      info: (message) => logger.info(message),
      warn: (message) => logger.warn(message),
      error: (message) => loaded && logger.error(message),
    };
    logger.info({ graphRef }, 'Uplink is asked for the supergraph');
    try {
      const manager = await uplinkManager({ key, graphRef }, options, afterwards);
      const started = await manager.initialize(services);
      loaded = true;
      return started;
    } catch (error) {
      const reason = (error instanceof Error ? error.message : String(error)).replaceAll(/\s*\n\s*/g, ' ');
      throw new Error(
        `Uplink does not deliver the supergraph of ${graphRef} (${reason}): check APOLLO_KEY, APOLLO_GRAPH_REF and the way to Uplink`,
        { cause: error },
      );
    }
  });
}

/**
 * Apollo's manager of supergraphs that Uplink delivers.
 * @throws Error when the graph is not named.
 */
export async function uplinkManager(
  { key, graphRef }: Pick<GatewayApolloConfig, 'key' | 'graphRef'>,
  options: UplinkOptions,
  logger: MessageLogger,
): Promise<SupergraphManager> {
  if (key === undefined || graphRef === undefined) {
    throw new Error(
      'TrellisGateway needs a supergraph: pass supergraphSdl, or set APOLLO_KEY and APOLLO_GRAPH_REF for a graph that Uplink delivers',
    );
  }
  // Loaded here: it brings a whole gateway, and takes its time.
  const { UplinkSupergraphManager } = await import('@apollo/gateway');
  const { uplinkEndpoints, uplinkMaxRetries, fallbackPollIntervalInMs, serviceHealthCheck } = options;
  return new UplinkSupergraphManager({
    apiKey: key,
    graphRef,
    logger,
    shouldRunSubgraphHealthcheck: serviceHealthCheck ?? false,
    ...(uplinkEndpoints === undefined ? {} : { uplinkEndpoints: [...uplinkEndpoints] }),
    ...(uplinkMaxRetries === undefined ? {} : { maxRetries: uplinkMaxRetries }),
    ...(fallbackPollIntervalInMs === undefined ? {} : { fallbackPollIntervalInMs }),
  });
}
