import { batchWhileAwaited } from '@trellis/subgraph-server';
import { readId } from '@trellis/validation';
import DataLoader from 'dataloader';
import type { UsersServices } from '../application/users-services.ts';
import type { Account } from '../domain/account.ts';
import { emptyOrderSummary, type OrderSummary } from '../domain/order-summary.ts';

/** Reads that a list could fan out, gathered into one query each. Made anew for every request. */
export interface Loaders {
  /** By user id, in whatever case; null for an id that nobody has. */
  readonly accounts: DataLoader<string, Account | null>;
  /** By user id. */
  readonly orderSummaries: DataLoader<string, OrderSummary>;
}

/** @param signal of the request: what nobody waits for is not read. */
export function createLoaders(services: UsersServices, signal: AbortSignal): Loaders {
  const gathering = <V>(batch: (ids: readonly string[]) => Promise<V[]>) =>
    new DataLoader(batchWhileAwaited(signal, batch));
  return {
    accounts: gathering(async (ids) => {
      const found = await services.accounts.findByIds(ids);
      const byId = new Map(found.map((account) => [account.id, account]));
      return ids.map((id) => byId.get(readId(id) ?? id) ?? null);
    }),
    orderSummaries: gathering(async (userIds) => {
      const summaries = await services.orderSummaries.summarize(userIds);
      return userIds.map((userId) => summaries.get(userId) ?? emptyOrderSummary);
    }),
  };
}
