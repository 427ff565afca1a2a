import type { Cause } from '@trellis/event-contracts';
import type { Connection, PageRequest } from '@trellis/pagination';
import type { CustomerId, OrderId, ProductId } from '../domain/ids.ts';
import type { Order, OrderItem, OrderStep, PlacedOrder } from '../domain/order.ts';
import type { OrderStatus } from '../domain/order-status.ts';
import type { CatalogueEntry } from '../domain/price-order.ts';

/** By what a repeated request is known. */
export interface RequestMark {
  /** Unique among the requests of one customer. */
  readonly idempotencyKey: string;
  /** Equal for equal inputs. */
  readonly inputHash: string;
}

/** Where orders live. Every change is one transaction that holds the order, its step, the event for the others, and the wake-up of those who follow it. */
export interface OrderStore {
  /** Runs `work` in one transaction: all of it or nothing. It may be run again when it lost against another one. */
  transaction<T>(work: (orders: OrderTransaction) => Promise<T>): Promise<T>;
  /** @returns the orders there are, in no particular order. */
  findMany(ids: readonly OrderId[]): Promise<Order[]>;
  /** The order that a customer's earlier request made. */
  findByKey(
    customerId: CustomerId,
    idempotencyKey: string,
  ): Promise<{ readonly order: Order; readonly inputHash: string } | undefined>;
  /** Everyone's orders, newest first. @throws InvalidPageError for a cursor of another list. */
  list(page: PageRequest, filter: OrderFilter): Promise<Connection<Order>>;
  /** The same page of several customers' orders in one query. Every customer asked for is in the answer. */
  listByCustomers(
    customerIds: readonly CustomerId[],
    page: PageRequest,
    filter: OrderFilter,
  ): Promise<ReadonlyMap<CustomerId, Connection<Order>>>;
  /** The lines of several orders, each order's in its own order. */
  items(ids: readonly OrderId[]): Promise<ReadonlyMap<OrderId, readonly OrderItem[]>>;
  /** The steps of several orders, oldest first. */
  timelines(ids: readonly OrderId[]): Promise<ReadonlyMap<OrderId, readonly OrderStep[]>>;
  /** When the next pending order expires; in the past when one is overdue. */
  nextDeadline(): Promise<Date | undefined>;
}

export interface OrderFilter {
  readonly status?: OrderStatus | undefined;
}

/** The orders inside one transaction. */
export interface OrderTransaction {
  /** @returns false, and writes nothing, when the customer has used the key before. */
  insert(order: PlacedOrder, mark: RequestMark, cause: Cause): Promise<boolean>;
  /** Takes an order for this transaction alone: whoever else wants to change it waits, and then sees what became of it. */
  lock(id: OrderId): Promise<Order | undefined>;
  /** Takes pending orders past their deadline, at the most `limit`, leaving out those that others have. */
  lockOverdue(now: Date, limit: number): Promise<{ readonly order: Order; readonly cause: Cause }[]>;
  items(id: OrderId): Promise<readonly OrderItem[]>;
  /** Writes the last step of an order that this transaction has locked. */
  record(order: Order, cause: Cause): Promise<void>;
}

/** The products as their events told them: what prices an order without asking anyone. */
export interface Catalogue {
  /** The entries there are of the products asked for. */
  entries(ids: readonly ProductId[]): Promise<ReadonlyMap<ProductId, CatalogueEntry>>;
}

/** What happened to orders since a place in their history. */
export interface OrderHistory {
  /** An order as it stood after each of its steps behind `sequence`, oldest first. */
  stepsOfOrder(id: OrderId, sequence: number): Promise<readonly Order[]>;
  /** The steps of all of a customer's orders behind `position`, in the order of their commit; the first hundred of them. */
  stepsOfCustomer(id: CustomerId, position: number): Promise<StepPage>;
  /** The position of the customer's latest step; 0 when there is none. */
  lastPosition(id: CustomerId): Promise<number>;
}

export interface StepPage {
  readonly steps: readonly Order[];
  /** Where to go on from. */
  readonly position: number;
  /** Whether there are further ones already. */
  readonly more: boolean;
}

/** Tells when to look at the history again. */
export interface OrderChanges {
  /**
   * Calls `wake` after every commit that changed the order or one of the customer's orders, and whenever one may have been missed.
   * @returns ends it.
   */
  watch(
    subject: { readonly orderId: OrderId } | { readonly customerId: CustomerId },
    wake: () => void,
  ): () => void;
}
