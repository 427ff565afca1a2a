import { sameMoney, type Money } from './money.ts';

/** Something for sale. */
export interface Product {
  readonly id: string;
  /** The shop's own number for it; unique, and never changed. */
  readonly sku: string;
  readonly name: string;
  readonly description: string;
  /** The slug of its category. */
  readonly category: string;
  readonly price: Money;
  /** Grows by one with every change; whoever hears of the product by events keeps the highest. */
  readonly version: number;
  /** When it left the catalogue; null while it is in it. */
  readonly archivedAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What is said of a product when it enters the catalogue. */
export type NewProduct = Pick<Product, 'id' | 'sku' | 'name' | 'description' | 'category' | 'price'>;

/** What of a product can change; what is left out stays. */
export type ProductChanges = Partial<Pick<Product, 'name' | 'description' | 'category' | 'price'>>;

export function createProduct(product: NewProduct, now: Date): Product {
  return { ...product, version: 1, archivedAt: null, createdAt: now, updatedAt: now };
}

/** @returns the changed product; the same object when the changes say what is so already. */
export function changeProduct(product: Product, changes: ProductChanges, now: Date): Product {
  const changed = { ...product, ...changes };
  const isSame =
    changed.name === product.name &&
    changed.description === product.description &&
    changed.category === product.category &&
    sameMoney(changed.price, product.price);
  return isSame ? product : { ...changed, version: product.version + 1, updatedAt: now };
}

/** @returns the archived product; the same object when it was archived before. */
export function archiveProduct(product: Product, now: Date): Product {
  return isArchived(product)
    ? product
    : { ...product, version: product.version + 1, archivedAt: now, updatedAt: now };
}

export function isArchived(product: Product): boolean {
  return product.archivedAt !== null;
}
