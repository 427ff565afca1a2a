import type { Database } from '@trellis/database';
import type { CheckResult } from '@trellis/lifecycle';
import type { MessageBus } from '@trellis/messaging';
import { countDeadLetters } from '@trellis/outbox';

/** Readiness is open to strangers, and each look costs queries: this often is enough. */
const lookEveryMs = 5_000;

/**
 * Says how many events this service has given up, in its table and in its queues on the broker. It is up whatever their number: they are for
 * people to see to (`npm run dlq`), and nothing that is asked of the service waits for them.
 */
export function createDeadLetterCheck(
  service: string,
  {
    database,
    bus,
  }: { readonly database: Database; readonly bus: Pick<MessageBus, 'status' | 'deadLetters'> },
): () => Promise<CheckResult> {
  let last: { readonly at: number; readonly result: Promise<CheckResult> } | undefined;

  async function look(): Promise<CheckResult> {
    const [kept, queued] = await Promise.all([countDeadLetters(database), depthsOnBroker()]);
    const places = [
      ...kept.map(({ consumer, messages }) => ({ place: `the table, given up by ${consumer}`, messages })),
      ...(queued ?? []).map(({ queue, messages }) => ({ place: queue, messages })),
    ].filter(({ messages }) => messages > 0);
    const total = places.reduce((sum, { messages }) => sum + messages, 0);
    const detail = [
      total === 0
        ? 'none'
        : `${total}: ${places.map(({ place, messages }) => `${messages} in ${place}`).join(', ')}`,
      ...(queued === undefined ? ['the broker, which is away, may have more'] : []),
    ].join('; ');
    return { status: 'up', detail };
  }

  async function depthsOnBroker() {
    if (bus.deadLetters === undefined) return [];
    return bus.status().kind === 'connected' ? bus.deadLetters(service) : undefined;
  }

  return () => {
    const now = performance.now();
    if (last === undefined || now - last.at >= lookEveryMs) last = { at: now, result: look() };
    return last.result;
  };
}
