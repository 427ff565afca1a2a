import type { Category } from '../domain/category.ts';
import type { Product } from '../domain/product.ts';
import type { Stock } from '../domain/stock.ts';

/** What the resolvers of each type get as their parent, where it is not the GraphQL type itself. */
export type ProductModel = Product;
export type StockModel = Stock;
export type CategoryModel = Category;
