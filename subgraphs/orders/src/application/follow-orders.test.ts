import { describe, expect, it } from '@jest/globals';
import { createLogger } from '@trellis/lifecycle';
import type { CustomerId, OrderId } from '../domain/ids.ts';
import type { Order } from '../domain/order.ts';
import type { OrderStatus } from '../domain/order-status.ts';
import { createOrderFollower } from './follow-orders.ts';

const id = '0b7f6d3e-6a35-4f0e-9a53-5d4b2a6c1e01' as OrderId;
const owner = { customerId: 'owner' as CustomerId, role: 'customer' } as const;

function orderAfter(sequence: number, status: Exclude<OrderStatus, 'REJECTED'>): Order {
  const at = new Date('2026-01-31T09:30:00Z');
  return {
    id,
    customerId: owner.customerId,
    total: { amount: 1, currency: 'USD' },
    placedAt: at,
    expiresAt: at,
    lastStep: { sequence, state: { status }, occurredAt: at },
  };
}

/** One order whose history a test writes. */
function oneOrder() {
  const history = [orderAfter(1, 'PENDING')];
  const watchers = new Set<() => void>();
  let reads = 0;
  const follower = createOrderFollower({
    orders: { findMany: async () => history.slice(-1) },
    history: {
      async stepsOfOrder(_id, sequence) {
        reads++;
        return history.filter(({ lastStep }) => lastStep.sequence > sequence);
      },
      stepsOfCustomer: async (_id, position) => ({ steps: [], position, more: false }),
      lastPosition: async () => 0,
    },
    changes: {
      watch(_subject, wake) {
        const own = (): void => wake();
        watchers.add(own);
        return () => watchers.delete(own);
      },
    },
    logger: createLogger('test', 'silent'),
  });
  return {
    follower,
    async follow() {
      const stream = await follower.followOrder(owner, id);
      if (stream === undefined) throw new Error('the owner may not follow the order');
      return stream;
    },
    watchers,
    reads: () => reads,
    become(step: Order) {
      history.push(step);
      watchers.forEach((wake) => wake());
    },
  };
}

describe('following an order', () => {
  it('asks the database once for a thousand streams that one change wakes', async () => {
    const { follow, reads, become, watchers } = oneOrder();
    const streams = await Promise.all(Array.from({ length: 1_000 }, follow));
    await Promise.all(streams.map((stream) => stream.next()));
    const waiting = streams.map((stream) => stream.next());
    const before = reads();

    become(orderAfter(2, 'CANCELLED'));
    const told = await Promise.all(waiting);

    expect(told.map((one) => one.value?.lastStep.state.status)).toEqual(Array(1_000).fill('CANCELLED'));
    expect(reads() - before).toBe(1);
    await Promise.all(streams.map((stream) => stream.next()));
    expect(watchers.size).toBe(0);
  });

  it('is not offered to others', async () => {
    const { follower, watchers } = oneOrder();
    const stranger = { customerId: 'stranger' as CustomerId, role: 'customer' } as const;

    expect(await follower.followOrder(stranger, id)).toBeUndefined();
    expect(watchers.size).toBe(0);
  });
});
