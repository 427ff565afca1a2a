import type { Acknowledged } from '../invariants.ts';

/** Collects what an installation told its clients. */
export interface Answers {
  order(order: Acknowledged['orders'][number]): void;
  cancellation(orderId: string): void;
  stockChange(change: Acknowledged['stockChanges'][number]): void;
  /** A refusal that nothing explains. */
  surprise(sentence: string): void;
  /** All that was told so far. */
  acknowledged(): Acknowledged;
  /** Hands out what has surprised since the last time. */
  surprises(): string[];
}

export function collectAnswers(): Answers {
  const orders: Acknowledged['orders'][number][] = [];
  const cancellations = new Set<string>();
  const stockChanges: Acknowledged['stockChanges'][number][] = [];
  const surprises: string[] = [];
  return {
    order: (order) => void orders.push(order),
    cancellation: (orderId) => void cancellations.add(orderId),
    stockChange: (change) => void stockChanges.push(change),
    surprise: (sentence) => void surprises.push(sentence),
    acknowledged: () => ({ orders, cancellations: [...cancellations], stockChanges }),
    surprises: () => surprises.splice(0),
  };
}
