import { listen, type Logger, type Stoppable } from '@trellis/lifecycle';
import type { Metrics } from './metrics.ts';

/**
 * Serves metrics at `/metrics`, on a port of their own: what they tell is for the operator, and the port of clients is open to everybody.
 * @param logger is told why they cannot be read.
 * @throws PortTakenError
 */
export async function serveMetrics(
  metrics: Metrics,
  address: { readonly port: number; readonly host: string },
  logger: Logger,
): Promise<Stoppable & { readonly url: string }> {
  const { url, stop } = await listen(
    (request, response) => {
      if (request.method !== 'GET' || request.url !== '/metrics') {
        response.writeHead(404, { 'content-type': 'text/plain' }).end('Metrics are at GET /metrics.\n');
        return;
      }
      metrics.read().then(
        ({ contentType, text }) => response.writeHead(200, { 'content-type': contentType }).end(text),
        (err: unknown) => {
          logger.error({ err }, 'the metrics cannot be read');
          response.writeHead(500).end();
        },
      );
    },
    { ...address, portSetting: 'GATEWAY_METRICS_PORT' },
  );
  return { url, stop: () => stop(0) };
}
