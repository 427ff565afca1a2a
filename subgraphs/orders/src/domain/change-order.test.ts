import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { after, cancel, expire, settle } from './change-order.ts';
import type { CustomerId, OrderId } from './ids.ts';
import type { Order, OrderState, OrderStep } from './order.ts';
import { transitions, type OrderStatus } from './order-status.ts';

const placedAt = new Date('2026-01-31T09:30:00Z');
const deadline = new Date('2026-01-31T09:45:00Z');

function orderIn(status: OrderStatus, sequence = 1): Order {
  const state: OrderState = status === 'REJECTED' ? { status, reason: 'sold out' } : { status };
  return {
    id: 'order' as OrderId,
    customerId: 'customer' as CustomerId,
    total: { amount: 1, currency: 'USD' },
    placedAt,
    expiresAt: deadline,
    lastStep: { sequence, state, occurredAt: placedAt },
  };
}

const allStatuses = Object.keys(transitions) as OrderStatus[];
const notPending = allStatuses.filter((status) => status !== 'PENDING');

describe('settling', () => {
  it('given a pending order, when its stock is reserved, then it is confirmed', () => {
    expect(settle(orderIn('PENDING'), { kind: 'reserved' }, deadline)).toEqual({
      sequence: 2,
      state: { status: 'CONFIRMED' },
      occurredAt: deadline,
    });
  });

  it('given a pending order, when its stock is refused, then it is rejected with the reason', () => {
    expect(settle(orderIn('PENDING'), { kind: 'rejected', reason: 'sold out' }, deadline)?.state).toEqual({
      status: 'REJECTED',
      reason: 'sold out',
    });
  });

  it.each(notPending)('given an order that is %s, when a reply comes, then nothing changes', (status) => {
    expect(settle(orderIn(status), { kind: 'reserved' }, deadline)).toBeUndefined();
    expect(settle(orderIn(status), { kind: 'rejected', reason: 'sold out' }, deadline)).toBeUndefined();
  });
});

describe('cancelling', () => {
  it.each(['PENDING', 'CONFIRMED'] as const)('given an order that is %s, then it is cancelled', (status) => {
    expect(cancel(orderIn(status, 2), deadline)).toEqual({
      kind: 'cancel',
      step: { sequence: 3, state: { status: 'CANCELLED' }, occurredAt: deadline },
    });
  });

  it('given a cancelled order, then there is nothing to do', () => {
    expect(cancel(orderIn('CANCELLED'), deadline)).toEqual({ kind: 'already-cancelled' });
  });

  it.each(['REJECTED', 'EXPIRED'] as const)('given an order that is %s, then it is refused', (status) => {
    expect(cancel(orderIn(status), deadline)).toEqual({ kind: 'not-cancellable' });
  });
});

describe('expiring', () => {
  it('given a pending order, when its deadline has come, then it expires', () => {
    expect(expire(orderIn('PENDING'), deadline)?.state).toEqual({ status: 'EXPIRED' });
  });

  it('given a pending order, when its deadline has not come, then nothing changes', () => {
    expect(expire(orderIn('PENDING'), new Date(deadline.getTime() - 1))).toBeUndefined();
  });

  it.each(notPending)(
    'given an order that is %s, when its deadline has come, then nothing changes',
    (status) => {
      expect(expire(orderIn(status), deadline)).toBeUndefined();
    },
  );
});

describe('a life of an order', () => {
  const commands: Record<string, (order: Order) => OrderStep | undefined> = {
    reserve: (order) => settle(order, { kind: 'reserved' }, deadline),
    reject: (order) => settle(order, { kind: 'rejected', reason: 'sold out' }, deadline),
    cancel: (order) => {
      const decision = cancel(order, deadline);
      return decision.kind === 'cancel' ? decision.step : undefined;
    },
    expire: (order) => expire(order, deadline),
  };

  it('given any commands in any order, then each step is in the table and the sequence has no gap', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...Object.values(commands))), (wishes) => {
        let order = orderIn('PENDING');
        for (const wish of wishes) {
          const step = wish(order);
          if (step === undefined) continue;
          const reachable: readonly OrderStatus[] = transitions[order.lastStep.state.status];
          expect(reachable).toContain(step.state.status);
          expect(step.sequence).toBe(order.lastStep.sequence + 1);
          order = after(order, step);
        }
      }),
    );
  });
});
