import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { RabbitMqBusOptions } from '@trellis/messaging';
import {
  connected,
  createGate,
  disconnected,
  listen,
  methodFrame,
  proxiedUrl,
  relay,
  reserved,
} from '../../integration/rabbitmq/rabbitmq-steps.ts';
import { stockReserved } from '../../support/events.ts';
import { createRecordingLogger } from '../../support/recording-logger.ts';
import { describeWithServices } from '../../support/services.ts';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';
import { openTestBroker, type TestBroker } from '../../support/test-broker.ts';
import { waitFor } from '../../support/wait-for.ts';

describeWithServices(['rabbitmq'], 'connections to the broker that are lost', ({ rabbitmq }) => {
  let broker: TestBroker;
  let proxy: TcpProxy;
  /** Where handlers wait that keep events in hand. */
  let gate: ReturnType<typeof createGate>;

  beforeEach(async () => {
    gate = createGate();
    broker = await openTestBroker(rabbitmq);
    proxy = await startTcpProxy(new URL(rabbitmq));
  });
  afterEach(async () => {
    gate.open();
    await broker.dispose();
    await proxy.close();
  });

  const createProxiedBus = (options: Partial<RabbitMqBusOptions> = {}) =>
    broker.createBus({ url: proxiedUrl(rabbitmq, proxy), ...options });

  it('reset five times in a row, each time with messages in hand: all are handled, and none is a dead letter', async () => {
    const inHand = 20;
    const bus = await createProxiedBus({ prefetch: inHand });
    const arrived = await listen(bus, async () => {
      await gate.passed;
      return { kind: 'ack' };
    });
    const events = Array.from({ length: inHand }, () => stockReserved());
    await Promise.all(events.map((event) => bus.publish(event, 1)));

    for (let reset = 1; reset <= 5; reset += 1) {
      await waitFor(`all in hand before reset ${reset}`, () => arrived.length === reset * inHand);
      proxy.cut();
    }
    await waitFor('all in hand after the resets', () => arrived.length === 6 * inHand);
    gate.open();

    await waitFor('the queue to be empty', () => isEmpty(broker.queueOf(reserved)));
    expect(new Set(arrived.map(({ id }) => id))).toEqual(new Set(events.map(({ id }) => id)));
    await bus.stop(); // gives back what it has not acknowledged
    expect(await broker.drain(broker.queueOf(reserved))).toEqual([]);
    expect(await broker.drain(broker.deadLetterQueueOf(reserved))).toEqual([]);
  });

  it('swallowed by a black hole: taken for lost within three heartbeats, and made anew', async () => {
    const bus = await createProxiedBus({ heartbeatSeconds: 1 });
    const arrived = await listen(bus);
    let beats = 0;

    proxy.muteServer();
    proxy.watch((from, bytes) => {
      if (from === 'client' && bytes.equals(heartbeatFrame)) beats += 1;
    });
    await disconnected(bus);

    // Each of the two connections says twice a heartbeat that it is there: so many go out within three, whatever the clock says.
    expect(beats).toBeLessThanOrEqual(2 * 2 * 3);
    await relay(bus, stockReserved());
    await waitFor('the event', () => arrived.length > 0);
  });

  it('lost at any moment of their setup: the process lives, and the next ones are set up to the end', async () => {
    await proxy.refuse();
    const bus = await createProxiedBus({ maxReconnectDelayMs: 1 });
    const arrived = await listen(bus);

    // With every attempt the broker may say one thing more, until both connections are set up before it has said too much.
    let allowed = 0;
    let said = 0;
    proxy.watch((from) => {
      if (from !== 'server') return;
      said += 1;
      if (said <= allowed) return;
      said = 0;
      allowed += 1;
      proxy.cut();
    });
    await proxy.accept();
    await connected(bus);
    proxy.watch(() => undefined);

    expect(allowed).toBeGreaterThan(thingsSaidInASetup);
    await relay(bus, stockReserved());
    await waitFor('the event', () => arrived.length > 0);
  });

  it('whose consumer is cancelled by the broker: consumes again, and what was in hand is delivered again', async () => {
    const { logger, lines } = createRecordingLogger();
    const tags: string[] = [];
    proxy.watch((from, bytes) => {
      if (from === 'server') tags.push(...tagsIn(bytes));
    });
    const bus = await createProxiedBus({ logger });
    const arrived = await listen(bus, async () => {
      await gate.passed;
      return { kind: 'ack' };
    });
    const event = stockReserved();
    await bus.publish(event, 1);
    await waitFor('the event in hand', () => arrived.length === 1);

    const [tag] = await waitFor('the tag of the consumer', () => (tags.length > 0 ? tags : undefined));
    proxy.injectToClient(methodFrame(1, 60, 30, [...shortString(tag!), 1]));

    await waitFor('the loss', () => lines.some((line) => line.includes('the broker ended consuming')));
    await waitFor('the second delivery', () => arrived.length === 2);
    gate.open();
    await waitFor('the queue to be empty', () => isEmpty(broker.queueOf(reserved)));
    expect(arrived).toEqual([event, event]);
    expect(await broker.drain(broker.deadLetterQueueOf(reserved))).toEqual([]);
  });

  async function isEmpty(queue: string): Promise<boolean> {
    return (await broker.channel.checkQueue(queue)).messageCount === 0;
  }
});

/** At the least: the handshakes of two connections, and the answers to their declarations. */
const thingsSaidInASetup = 20;

/** AMQP 0-9-1, section 4.2.7 of the specification. */
const heartbeatFrame = Buffer.from([8, 0, 0, 0, 0, 0, 0, 0xce]);

function shortString(text: string): number[] {
  return [text.length, ...Buffer.from(text)];
}

/** The consumer tags that RabbitMQ made, wherever it names them. */
function tagsIn(bytes: Buffer): string[] {
  return bytes.toString('latin1').match(/amq\.ctag-[\w-]+/g) ?? [];
}
