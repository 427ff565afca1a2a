import type { Order, OrderState, OrderStep } from './order.ts';
import { canBecome } from './order-status.ts';

/** What products answered when it was asked to reserve an order's stock. */
export type StockReply =
  { readonly kind: 'reserved' } | { readonly kind: 'rejected'; readonly reason: string };

/**
 * Decides what a reply about its stock makes of an order.
 * @returns the step to take; undefined when the order is no longer waiting: a reply that comes late or again changes nothing, because
 *   the step that ended the wait has already asked for what is reserved to be released.
 */
export function settle(order: Order, reply: StockReply, now: Date): OrderStep | undefined {
  return stepTo(
    order,
    reply.kind === 'reserved' ? { status: 'CONFIRMED' } : { status: 'REJECTED', reason: reply.reason },
    now,
  );
}

/** What becomes of a wish to cancel. */
export type Cancellation =
  | { readonly kind: 'cancel'; readonly step: OrderStep }
  | { readonly kind: 'already-cancelled' }
  | { readonly kind: 'not-cancellable' };

/** Decides whether an order can be taken back. Asking again for what has happened is not a failure. */
export function cancel(order: Order, now: Date): Cancellation {
  if (order.lastStep.state.status === 'CANCELLED') return { kind: 'already-cancelled' };
  const step = stepTo(order, { status: 'CANCELLED' }, now);
  return step === undefined ? { kind: 'not-cancellable' } : { kind: 'cancel', step };
}

/** Decides whether an order has waited too long. @returns the step to take; undefined when there is none. */
export function expire(order: Order, now: Date): OrderStep | undefined {
  return now < order.expiresAt ? undefined : stepTo(order, { status: 'EXPIRED' }, now);
}

/** The order after a step. */
export function after(order: Order, step: OrderStep): Order {
  return { ...order, lastStep: step };
}

function stepTo(order: Order, state: OrderState, now: Date): OrderStep | undefined {
  const { lastStep } = order;
  if (!canBecome(lastStep.state.status, state.status)) return undefined;
  return { sequence: lastStep.sequence + 1, state, occurredAt: now };
}
