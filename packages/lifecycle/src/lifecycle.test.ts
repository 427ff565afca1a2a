import { createServer } from 'node:http';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { createLogger, createStopSequence, listen, readyUntil, runChecks } from './index.ts';

const logger = createLogger('test', 'silent');

describe('a stop sequence', () => {
  it('stops the parts in the opposite order of their start, each once', async () => {
    const stopped: string[] = [];
    const sequence = createStopSequence(logger);
    for (const name of ['database', 'bus', 'server'])
      sequence.add({ stop: async () => void stopped.push(name) });
    await Promise.all([sequence.stop(), sequence.stop()]);
    expect(stopped).toEqual(['server', 'bus', 'database']);
  });

  it('stops the others when one fails to', async () => {
    const stopped: string[] = [];
    const sequence = createStopSequence(logger);
    sequence.add({ stop: async () => void stopped.push('database') });
    sequence.add({ stop: () => Promise.reject(new Error('stuck')) });
    await sequence.stop();
    expect(stopped).toEqual(['database']);
  });
});

describe('a listener', () => {
  it('says which port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    await expect(listen(() => undefined, { port, host: '127.0.0.1' })).rejects.toThrow(
      `port ${port} is taken`,
    );
    other.close();
  });

  it('lets the request in hand finish when it is stopped, and takes no new one', async () => {
    const { promise: released, resolve: release } = deferred();
    const { promise: arrived, resolve: arrive } = deferred();
    const listener = await listen(
      (_request, response) => {
        arrive();
        void released.then(() => response.end('finished'));
      },
      { port: 0, host: '127.0.0.1' },
    );
    const answer = fetch(listener.url).then((response) => response.text());
    await arrived;
    const stopped = listener.stop();
    await expect(fetch(listener.url)).rejects.toThrow();
    release();
    await stopped;
    expect(await answer).toBe('finished');
  });

  it('cuts off what is still open when its patience ends', async () => {
    const { promise: arrived, resolve: arrive } = deferred();
    const listener = await listen(() => arrive(), { port: 0, host: '127.0.0.1' });
    const answer = fetch(listener.url);
    const failed = expect(answer).rejects.toThrow();
    await arrived;
    await listener.stop(1);
    await failed;
  });
});

describe('readiness', () => {
  it('is down as soon as the stop begins, before the first part is stopped', async () => {
    const sequence = createStopSequence(logger);
    const readiness = readyUntil(
      () => sequence.isStopping,
      async () => ({ status: 'up', checks: {} }),
    );
    const seen: string[] = [];
    sequence.add({ stop: async () => void seen.push((await readiness()).status) });
    seen.push((await readiness()).status);

    await sequence.stop();

    expect(seen).toEqual(['up', 'down']);
  });

  it('is down when the stop begins while its checks run', async () => {
    let isStopping = false;
    const readiness = readyUntil(
      () => isStopping,
      async () => {
        isStopping = true;
        return { status: 'up', checks: {} };
      },
    );
    expect((await readiness()).status).toBe('down');
  });

  it('is degraded, and no worse, when something is down that the service can do without for a while', async () => {
    const up = () => ({ status: 'up' }) as const;
    const down = () => ({ status: 'down' }) as const;
    expect((await runChecks({ database: up }, { broker: up })).status).toBe('up');
    expect((await runChecks({ database: up }, { broker: down })).status).toBe('degraded');
    expect((await runChecks({ database: down }, { broker: up })).status).toBe('down');
  });

  it('is down when one check is, and a check that throws is down without telling why to strangers', async () => {
    const readiness = await runChecks({
      database: () => ({ status: 'up' }),
      broker: () => {
        throw new TypeError('amqp://guest:secret@host');
      },
    });
    expect(readiness).toEqual({
      status: 'down',
      checks: { database: { status: 'up' }, broker: { status: 'down', detail: 'TypeError' } },
    });
  });
});

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => (resolve = settle));
  return { promise, resolve };
}
