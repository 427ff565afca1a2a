import type { GatewayApolloConfig } from '@apollo/server-gateway-interface';
import type { SupergraphManager } from '../supergraph/manager-source.ts';
import type { MessageLogger } from './message-logger.ts';

/** How Apollo's Uplink is asked; for a gateway without `supergraphSdl`. */
export interface UplinkOptions {
  /** Apollo's own when absent. */
  readonly uplinkEndpoints?: readonly string[];
  /** How often an answer is tried for before it counts as failed. Five for each endpoint when absent, ten for each at the start. */
  readonly uplinkMaxRetries?: number;
  /** How often it is asked when it does not say itself, in milliseconds. 10,000 when absent. */
  readonly fallbackPollIntervalInMs?: number;
  /** Refuses a supergraph while one of its subgraphs does not answer. False when absent. */
  readonly serviceHealthCheck?: boolean;
}

/**
 * Apollo's manager of supergraphs that Uplink delivers.
 * @throws Error when the graph is not named, or `@apollo/gateway`, which has the manager, is not installed.
 */
export async function uplinkManager(
  { key, graphRef }: GatewayApolloConfig,
  options: UplinkOptions,
  logger: MessageLogger,
): Promise<SupergraphManager> {
  if (key === undefined || graphRef === undefined) {
    throw new Error(
      'TrellisGateway needs a supergraph: pass supergraphSdl, or set APOLLO_KEY and APOLLO_GRAPH_REF for a graph that Uplink delivers',
    );
  }
  const { UplinkSupergraphManager } = await import('@apollo/gateway').catch((error: unknown) => {
    throw new Error(
      'Uplink is read by @apollo/gateway, which is not installed: npm install @apollo/gateway',
      {
        cause: error,
      },
    );
  });
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
