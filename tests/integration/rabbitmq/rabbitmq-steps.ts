import type { CloudEvent } from '@trellis/event-contracts';
import { subscription, type HandlerOutcome, type MessageBus } from '@trellis/messaging';
import type { TcpProxy } from '../../support/tcp-proxy.ts';
import { waitFor } from '../../support/wait-for.ts';

/** The binding that these tests publish to and consume from. */
export const reserved = { consumer: 'orders', eventType: 'products.stock-reserved.v1' } as const;

export const ack: HandlerOutcome = { kind: 'ack' };

/** The URL of the broker by way of the proxy. */
export function proxiedUrl(broker: string, proxy: TcpProxy): string {
  const url = new URL(broker);
  url.hostname = '127.0.0.1';
  url.port = String(proxy.port);
  return url.href;
}

/** Subscribes to {@link reserved}, and answers the list into which what arrives is written. */
export async function listen(
  bus: MessageBus,
  answer: (event: CloudEvent) => HandlerOutcome | Promise<HandlerOutcome> = () => ack,
): Promise<CloudEvent[]> {
  const arrived: CloudEvent[] = [];
  const handle = async (event: CloudEvent) => {
    arrived.push(event);
    return answer(event);
  };
  await bus.subscribe([subscription({ ...reserved, handle })]);
  return arrived;
}

export function connected(bus: MessageBus): Promise<boolean> {
  return waitFor('the connection', () => bus.status().kind === 'connected');
}

export function disconnected(bus: MessageBus): Promise<boolean> {
  return waitFor('the loss', () => bus.status().kind === 'disconnected');
}

/** Publishes as the outbox relay does: until the bus says that the event is safe. */
export async function relay(bus: MessageBus, event: CloudEvent): Promise<void> {
  await waitFor('the event to be published', () =>
    bus.publish(event, 1).then(
      () => true,
      () => false,
    ),
  );
}

/** Something to wait at until the test opens it. */
export function createGate(): { readonly passed: Promise<void>; open(): void } {
  let open: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { passed, open };
}

/** A method frame of AMQP 0-9-1 (section 2.3.5 of the specification). */
export function methodFrame(
  channel: number,
  classId: number,
  methodId: number,
  fields: readonly number[],
): Buffer {
  const payload = Buffer.from([0, classId, 0, methodId, ...fields]);
  const frame = Buffer.alloc(7 + payload.length + 1);
  frame.writeUInt8(1, 0);
  frame.writeUInt16BE(channel, 1);
  frame.writeUInt32BE(payload.length, 3);
  payload.copy(frame, 7);
  frame.writeUInt8(0xce, 7 + payload.length);
  return frame;
}
