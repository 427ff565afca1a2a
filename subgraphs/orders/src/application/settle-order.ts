import type { Cause } from '@trellis/event-contracts';
import { after, settle, type StockReply } from '../domain/change-order.ts';
import type { OrderId } from '../domain/ids.ts';
import { rejectionReason, type Rejection } from '../domain/rejection-reason.ts';
import type { OrderTransaction } from './order-store.ts';

/** What products says about the stock of an order. */
export type StockAnswer =
  { readonly kind: 'reserved' } | { readonly kind: 'rejected'; readonly rejection: Rejection };

/** Ends an order's wait for its stock, in the caller's transaction. @returns `settled` unless there was nothing to settle. */
export async function settleOrder(
  orders: OrderTransaction,
  orderId: OrderId,
  answer: StockAnswer,
  now: Date,
  cause: Cause,
): Promise<'settled' | 'not-waiting' | 'unknown-order'> {
  const order = await orders.lock(orderId);
  if (order === undefined) return 'unknown-order';
  const step = settle(order, await replyOf(orders, orderId, answer), now);
  if (step === undefined) return 'not-waiting';
  await orders.record(after(order, step), cause);
  return 'settled';
}

async function replyOf(orders: OrderTransaction, orderId: OrderId, answer: StockAnswer): Promise<StockReply> {
  if (answer.kind === 'reserved') return answer;
  return { kind: 'rejected', reason: rejectionReason(answer.rejection, await orders.items(orderId)) };
}
