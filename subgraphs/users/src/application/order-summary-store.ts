import type { OrderSummary } from '../domain/order-summary.ts';

/** Reads what the order events have told. */
export interface OrderSummaryStore {
  /** @returns by user id; a user without confirmed orders is not in it. */
  summarize(userIds: readonly string[]): Promise<ReadonlyMap<string, OrderSummary>>;
}
