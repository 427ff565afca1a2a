import type { Figures } from '../run.ts';

/** What a figure is to be, where it is to be anything. */
export interface Target {
  readonly title: string;
  readonly better: 'lower' | 'higher';
  readonly embedded?: number;
  readonly distributed?: number;
  readonly value: (figures: Figures) => number | undefined;
}

export const targets: readonly Target[] = [
  {
    title: 'place to confirmed, one in flight, p50 ms',
    better: 'lower',
    embedded: 10,
    distributed: 15,
    value: ({ gateway }) => gateway?.oneInFlight.p50Ms,
  },
  {
    title: 'place to confirmed, one in flight, p99 ms',
    better: 'lower',
    embedded: 50,
    distributed: 60,
    value: ({ gateway }) => gateway?.oneInFlight.p99Ms,
  },
  {
    title: 'orders/s, saga alone',
    better: 'higher',
    embedded: 1_000,
    distributed: 700,
    value: ({ saga }) => saga?.manyInFlight.perSecond,
  },
  {
    title: 'orders/s through the gateway',
    better: 'higher',
    embedded: 300,
    distributed: 200,
    value: ({ gateway }) => gateway?.manyInFlight.perSecond,
  },
  {
    title: 'outbox commit to consumer, p50 ms',
    better: 'lower',
    embedded: 5,
    distributed: 5,
    value: ({ outbox }) => outbox?.commitToConsumer.p50Ms,
  },
  {
    title: 'outbox commit to consumer, p99 ms',
    better: 'lower',
    distributed: 20,
    value: ({ outbox }) => outbox?.commitToConsumer.p99Ms,
  },
  {
    title: 'outbox drained, events/s',
    better: 'higher',
    distributed: 5_000,
    value: ({ outbox }) => outbox?.drainPerSecond,
  },
  {
    title: 'recovery from a reset, worst, ms',
    better: 'lower',
    distributed: 300,
    value: ({ recovery }) => recovery?.reset.worstMs,
  },
  {
    title: 'recovery, broker up again, worst, ms',
    better: 'lower',
    distributed: 1_500,
    value: ({ recovery }) => recovery?.brokerUp.worstMs,
  },
  {
    title: 'recovery, PostgreSQL up again, worst, ms',
    better: 'lower',
    distributed: 2_500,
    value: ({ recovery }) => recovery?.postgresUp.worstMs,
  },
];
