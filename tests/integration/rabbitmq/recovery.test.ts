import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createRabbitMqBus, type RabbitMqBusOptions } from '@trellis/messaging';
import { stockReserved } from '../../support/events.ts';
import { createRecordingLogger } from '../../support/recording-logger.ts';
import { describeWithServices } from '../../support/services.ts';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';
import { openTestBroker, type TestBroker } from '../../support/test-broker.ts';
import { waitFor } from '../../support/wait-for.ts';
import {
  ack,
  connected,
  createGate,
  disconnected,
  listen,
  methodFrame,
  proxiedUrl,
  relay,
  reserved,
} from './rabbitmq-steps.ts';

describeWithServices(['rabbitmq'], 'the RabbitMQ bus when connections break', ({ rabbitmq }) => {
  let broker: TestBroker;
  let proxy: TcpProxy;

  beforeEach(async () => {
    broker = await openTestBroker(rabbitmq);
    proxy = await startTcpProxy(new URL(rabbitmq));
  });
  afterEach(async () => {
    await broker.dispose();
    await proxy.close();
  });

  const createProxiedBus = (options: Partial<RabbitMqBusOptions> = {}) =>
    broker.createBus({ url: proxiedUrl(rabbitmq, proxy), ...options });

  describe('the broker', () => {
    it('may be away at the start: the bus says so, refuses to publish, and works when it is there', async () => {
      await proxy.refuse();
      const bus = await createProxiedBus();
      const arrived = await listen(bus);
      const event = stockReserved();

      expect(bus.status()).toEqual({ kind: 'disconnected', reason: expect.stringContaining('ECONNREFUSED') });
      await expect(bus.publish(event, 1)).rejects.toThrow('not connected');
      await proxy.accept();

      await connected(bus);
      await bus.publish(event, 1);
      await waitFor('the event', () => arrived.length === 1);
    });

    it('may go and come back: nothing that was published is lost', async () => {
      const bus = await createProxiedBus();
      const arrived = await listen(bus);
      await proxy.refuse();
      await disconnected(bus);
      await proxy.accept();
      const event = stockReserved();

      await relay(bus, event);

      await waitFor('the event', () => arrived.length > 0);
      expect(arrived).toEqual([event]);
    });

    it('may refuse the credentials: the log says so once, without the password, and the process lives', async () => {
      const { logger, lines } = createRecordingLogger();
      const url = new URL(rabbitmq);
      url.username = 'nobody';
      url.password = 'hunter2';

      const bus = await broker.createBus({ url: url.href, logger, maxReconnectDelayMs: 20 });

      expect(bus.status()).toEqual({
        kind: 'disconnected',
        reason: expect.stringContaining('refused the user name'),
      });
      await waitFor(
        'more attempts',
        () => lines.filter((line) => line.includes('refused the user')).length >= 4,
      );
      const told = lines.filter(
        (line) => line.includes('refused the user name') && line.includes('"level":50'),
      );
      expect(told).toHaveLength(2); // one for each connection
      expect(lines.join()).not.toContain('hunter2');
    });

    it('may fall silent: what it does not confirm in time is not taken for published', async () => {
      const bus = await createProxiedBus({ confirmTimeoutMs: 50, heartbeatSeconds: 1 });
      proxy.muteServer();

      await expect(bus.publish(stockReserved(), 1)).rejects.toThrow('did not confirm within 50 ms');

      await disconnected(bus); // by the missing heartbeats
      // With a heartbeat this short, a busy machine may lose the new connection too: what counts is that publishing comes back.
      await waitFor('an event to be confirmed again', () => bus.publish(stockReserved(), 1).then(() => true));
    });

    it('may run short of memory: publishing is refused at once, and goes on when it has recovered', async () => {
      const bus = await createProxiedBus();
      const arrived = await listen(bus);

      proxy.injectToClient(connectionBlocked);
      await disconnected(bus);

      expect(bus.status()).toMatchObject({ reason: 'the broker takes no messages: low memory' });
      await expect(bus.publish(stockReserved(), 1)).rejects.toThrow('low memory');
      proxy.injectToClient(connectionUnblocked);
      await connected(bus);
      await bus.publish(stockReserved(), 1);
      await waitFor('the event', () => arrived.length === 1);
    });
  });

  it('keeps an event in hand while it can neither be tried again later nor given up', async () => {
    const { logger, lines } = createRecordingLogger();
    const bus = await createProxiedBus({ logger });
    const gate = createGate();
    const arrived = await listen(bus, async () => {
      if (arrived.length > 1) return ack;
      await gate.passed;
      return { kind: 'retry', reason: 'not now' };
    });
    const event = stockReserved();
    await bus.publish(event, 1);
    await waitFor('the handler to begin', () => arrived.length === 1);
    proxy.injectToClient(connectionBlocked);
    await disconnected(bus);
    gate.open();
    await waitFor('a vain attempt', () => lines.some((line) => line.includes('could not hand over')));

    proxy.injectToClient(connectionUnblocked);

    await waitFor('the second delivery', () => arrived.length === 2);
    expect(arrived).toEqual([event, event]);
  });

  describe('connections', () => {
    it('may be reset again and again under load: every published event arrives', async () => {
      const bus = await createProxiedBus({ retryDelaysMs: [20] });
      let handled = 0;
      // Every tenth delivery is tried again, so that retries cross the resets too.
      const arrived = await listen(bus, () =>
        (handled += 1) % 10 === 0 ? { kind: 'retry', reason: 'again' } : ack,
      );
      const events = Array.from({ length: 600 }, () => stockReserved());
      let published = 0;

      const publishing = Promise.all(
        Array.from({ length: 6 }, async (_, worker) => {
          for (const event of events.slice(worker * 100, worker * 100 + 100)) {
            await relay(bus, event);
            published += 1;
          }
        }),
      );
      for (const quarter of [100, 250, 400]) {
        await waitFor(`${quarter} events`, () => published >= quarter);
        proxy.cut();
      }
      await publishing;

      const ids = () => new Set(arrived.map(({ id }) => id));
      await waitFor('every event', () => ids().size === events.length);
      await waitFor('the queue to be empty', async () => {
        const { messageCount } = await broker.channel.checkQueue(broker.queueOf(reserved));
        return messageCount === 0;
      });
      expect(await broker.drain(broker.deadLetterQueueOf(reserved))).toEqual([]);
    });

    it('may be lost while a handler works: its event is delivered again', async () => {
      const { logger, lines } = createRecordingLogger();
      const bus = await createProxiedBus({ logger });
      const gate = createGate();
      const arrived = await listen(bus, async () => {
        if (arrived.length === 1) await gate.passed;
        return ack;
      });
      const event = stockReserved();
      await bus.publish(event, 1);
      await waitFor('the handler to begin', () => arrived.length === 1);

      proxy.cut();
      await disconnected(bus);
      await connected(bus);
      gate.open();

      await waitFor('the second delivery', () => arrived.length === 2);
      expect(arrived).toEqual([event, event]);
      await relay(bus, stockReserved());
      await waitFor('the next event', () => arrived.length === 3);
      await bus.stop();
      // The first handler's answer was about a delivery of the dead channel; given to the new one it would close it.
      expect(lines.join()).not.toContain('unknown delivery tag');
    });

    it('do not outlive a bus that is stopped while the broker is away', async () => {
      const bus = await createProxiedBus();
      await listen(bus);
      await proxy.refuse();
      await disconnected(bus);

      await bus.stop();

      await proxy.accept();
      expect(proxy.connections()).toBe(0);
      expect(bus.status()).toEqual({ kind: 'disconnected', reason: 'stopped' });
    });
  });

  it('stops a bus whose handler wants a retry, and loses nothing by it', async () => {
    const bus = await createProxiedBus();
    const gate = createGate();
    const first = await listen(bus, async () => {
      await gate.passed;
      return { kind: 'retry', reason: 'stopping' };
    });
    const event = stockReserved();
    await bus.publish(event, 1);
    await waitFor('the handler to begin', () => first.length === 1);

    const stopping = bus.stop();
    gate.open();
    await stopping;

    const second = await listen(await broker.createBus());
    await waitFor('the event', () => second.length === 1);
    expect(second).toEqual([event]);
  });

  it('stops although the broker has fallen silent', async () => {
    const bus = await createProxiedBus();
    await listen(bus);
    proxy.muteServer();

    await bus.stop();

    await waitFor('no connection to be left', () => proxy.connections() === 0);
  });

  it('refuses a URL that can never work', async () => {
    const { logger } = createRecordingLogger();

    await expect(createRabbitMqBus({ url: 'localhost:5672', logger })).rejects.toThrow(
      'must look like amqp://',
    );
  });
});

const connectionBlocked = methodFrame(0, 10, 60, [10, ...Buffer.from('low memory')]);
const connectionUnblocked = methodFrame(0, 10, 61, []);
