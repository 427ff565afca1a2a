import type { Connection, PageRequest } from '@trellis/pagination';
import type { Category } from '../domain/category.ts';
import type { Product } from '../domain/product.ts';
import type { Stock, StockChange } from '../domain/stock.ts';

/** Which products to list; what is left out does not narrow the list. */
export interface ProductQuery {
  /** The slug of a category. */
  readonly category?: string;
  /** Minor units, this price included. */
  readonly minPrice?: number;
  readonly maxPrice?: number;
  readonly available?: boolean;
  /** Folded words, all of which stand in the name, the description or the SKU. */
  readonly words: readonly string[];
}

export type ProductOrder = 'NAME' | 'PRICE_ASC' | 'PRICE_DESC' | 'NEWEST';

/** An entry of the ledger. */
export interface LedgerEntry extends StockChange {
  readonly id: string;
  readonly createdAt: Date;
}

/** Everything that can be looked at. Each method is one statement, whatever the number of ids. */
export interface CatalogueReader {
  /** @returns those that exist, in any order. */
  findProducts(ids: readonly string[]): Promise<readonly Product[]>;
  findStocks(productIds: readonly string[]): Promise<readonly Stock[]>;
  findCategories(slugs: readonly string[]): Promise<readonly Category[]>;
  /** How many products of each category are in the catalogue; a category that has none may be missing. */
  countProducts(slugs: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** The products in the catalogue. @throws InvalidPageError for a cursor of another list. */
  listProducts(query: ProductQuery, order: ProductOrder, page: PageRequest): Promise<Connection<Product>>;
  /** Every category, by name. */
  listCategories(): Promise<readonly Category[]>;
  /** A page of each product's ledger, newest first. @throws InvalidPageError for a cursor of another list. */
  listLedgers(
    productIds: readonly string[],
    page: PageRequest,
  ): Promise<ReadonlyMap<string, Connection<LedgerEntry>>>;
  /** Which of these SKUs are taken. */
  findSkus(skus: readonly string[]): Promise<ReadonlySet<string>>;
}
