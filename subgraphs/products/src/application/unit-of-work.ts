import type { Result } from '@trellis/validation';
import type { Category } from '../domain/category.ts';
import type { ProductError } from '../domain/errors.ts';
import type { Product } from '../domain/product.ts';
import type { ProductsEvent } from '../domain/products-event.ts';
import type { EndReason, RejectionReason, Reservation } from '../domain/reservation.ts';
import type { Stock, StockMovement } from '../domain/stock.ts';

/** The catalogue, for changing it. */
export interface CatalogueStore {
  /** Opens a category; one that is open stays as it is. */
  openCategory(category: Category): Promise<void>;
  /** @returns false, with nothing added, when another product has the SKU, be it added at the same moment. */
  add(product: Product): Promise<boolean>;
  /** Reads a product and keeps others from changing it until this unit of work ends. */
  lock(id: string): Promise<Product | undefined>;
  save(product: Product): Promise<void>;
  /** @returns those that exist, in any order. */
  find(ids: readonly string[]): Promise<readonly Product[]>;
}

/** The stock, for changing it. */
export interface StockStore {
  /**
   * Reads stocks and keeps others from changing them until this unit of work ends. Rows are always locked in the order of their ids, so
   * that two orders for the same products never wait for each other. @returns those that exist.
   */
  lock(productIds: readonly string[]): Promise<readonly Stock[]>;
  /** Writes each new stock together with its entry in the ledger. */
  record(movements: readonly StockMovement[], now: Date): Promise<void>;
}

/** Why an order holds nothing: why it was rejected, or what ended it. */
export type ReservationReason = RejectionReason | EndReason;

/** What came of orders' wishes for stock. */
export interface ReservationStore {
  /** @returns false, with nothing added, when something is known of the order already, be it added at the same moment. */
  add(reservation: Reservation & { readonly reason: ReservationReason | null }, now: Date): Promise<boolean>;
  /** Reads what is known of an order and keeps others from changing it until this unit of work ends. */
  lock(orderId: string): Promise<Reservation | undefined>;
  markReleased(orderId: string, reason: EndReason, now: Date): Promise<void>;
}

/** Everything that can be written, in one transaction: all of it, events included, or nothing. */
export interface UnitOfWork {
  readonly catalogue: CatalogueStore;
  readonly stock: StockStore;
  readonly reservations: ReservationStore;
  /** Tells others, once and only if the transaction commits. */
  publish(events: readonly ProductsEvent[]): Promise<void>;
}

/** What a use case that changes something needs. */
export interface ChangeContext {
  /** Runs `work` in one transaction. A work that ends in failure undoes whatever it wrote. It may run more than once. */
  readonly transact: <T>(
    work: (unit: UnitOfWork) => Promise<Result<T, ProductError>>,
  ) => Promise<Result<T, ProductError>>;
  readonly now: () => Date;
  readonly newId: () => string;
}
