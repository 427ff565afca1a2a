import type { RequestListener } from 'node:http';
import type { Logger, StopSequence } from '@trellis/lifecycle';
import type { Engine } from '../execution/engine.ts';
import type { SubgraphClient } from '../subgraph/subgraph-client.ts';
import { measuredClient, measuredEngine, measuredListener } from './measured.ts';
import { createMetrics } from './metrics.ts';
import { serveMetrics } from './metrics-listener.ts';

/** Puts what is to be counted behind what counts it; without metrics, everything stays as it is and costs nothing. */
export interface Measuring {
  client(client: SubgraphClient): SubgraphClient;
  engine(engine: Engine): Engine;
  listener(listener: RequestListener): RequestListener;
  supergraphOffered(outcome: 'served' | 'refused'): void;
  /** Where metrics are read: `http://127.0.0.1:9464/metrics`. */
  readonly url?: string;
}

const notMeasuring: Measuring = {
  client: (client) => client,
  engine: (engine) => engine,
  listener: (listener) => listener,
  supergraphOffered: () => {},
};

interface MeasuringOptions {
  readonly metricsPort: number | undefined;
  readonly host: string;
  readonly logger: Logger;
}

/**
 * Starts counting, when there is a port to read the counts at.
 * @throws PortTakenError
 */
export async function startMeasuring(
  { metricsPort, host, logger }: MeasuringOptions,
  parts: StopSequence,
): Promise<Measuring> {
  if (metricsPort === undefined) return notMeasuring;
  const metrics = createMetrics();
  const { url } = parts.add(await serveMetrics(metrics, { port: metricsPort, host }, logger));
  return {
    client: (client) => measuredClient(client, metrics),
    engine: (engine) => measuredEngine(engine, metrics),
    listener: (listener) => measuredListener(listener, metrics),
    supergraphOffered: (outcome) => metrics.supergraphOffered(outcome),
    url: `${url}/metrics`,
  };
}
