import { createRecordingLogger } from '../../../tests/support/recording-logger.ts';
import { createMetrics } from './metrics.ts';
import { serveMetrics } from './metrics-listener.ts';

describe('the port of metrics', () => {
  it('answers 500 where they cannot be read, and the log says why', async () => {
    const { logger, lines } = createRecordingLogger();
    const metrics = { ...createMetrics(), read: () => Promise.reject(new Error('a gauge broke')) };
    const { url, stop } = await serveMetrics(metrics, { port: 0, host: '127.0.0.1' }, logger);

    const { status } = await fetch(`${url}/metrics`);
    await stop();

    expect(status).toBe(500);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { level: 50, msg: 'the metrics cannot be read', err: { message: 'a gauge broke' } },
    ]);
  });
});
