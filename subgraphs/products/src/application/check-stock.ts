import { failure, readId, success, wholeNumber, type Result } from '@trellis/validation';
import { z } from 'zod';
import type { ProductError } from '../domain/errors.ts';
import { isArchived, type Product } from '../domain/product.ts';
import { available, type Stock } from '../domain/stock.ts';
import type { CatalogueReader } from './catalogue-reader.ts';
import { checkInput } from './check-input.ts';

/** More would be a list to work through, not an order. */
const maxLines = 100;

const line = z.object({ productId: z.string(), quantity: wholeNumber(1, 1_000) });
// The length first: ten thousand lines are one fault, not ten thousand lines to check.
const lineList = z.array(z.unknown()).min(1).max(maxLines).pipe(z.array(line));

export type StockCheckLine = z.input<typeof line>;

/** Whether one line could be had now. */
export interface StockCheck {
  /** Null when there is none with this id. */
  readonly product: Product | null;
  readonly productId: string;
  readonly requested: number;
  /** How many an order could get: none of a product that is archived or unknown. */
  readonly available: number;
  readonly sufficient: boolean;
}

/** Looks whether quantities of products could be had now. It is a look, not a promise. */
export async function checkStock(
  reader: Pick<CatalogueReader, 'findProducts' | 'findStocks'>,
  input: readonly StockCheckLine[],
): Promise<Result<StockCheck[], ProductError>> {
  const valid = checkInput(lineList, input, 'lines');
  if (!valid.ok) return valid;
  const lines = valid.value;
  const repeated = repeatedProducts(lines);
  if (repeated.length > 0) return failure(...repeated);

  const ids = lines.flatMap(({ productId }) => readId(productId) ?? []);
  const [products, stocks] = await Promise.all([reader.findProducts(ids), reader.findStocks(ids)]);
  const productOf = new Map(products.map((product) => [product.id, product]));
  const stockOf = new Map(stocks.map((stock) => [stock.productId, stock]));
  return success(
    lines.map((asked) => {
      const id = readId(asked.productId) ?? '';
      return checkLine(asked, productOf.get(id), stockOf.get(id));
    }),
  );
}

function checkLine(
  { productId, quantity }: StockCheckLine,
  product: Product | undefined,
  stock: Stock | undefined,
): StockCheck {
  const orderable = product !== undefined && stock !== undefined && !isArchived(product);
  const toBeHad = orderable ? available(stock) : 0;
  return {
    product: product ?? null,
    productId,
    requested: quantity,
    available: toBeHad,
    sufficient: toBeHad >= quantity,
  };
}

function repeatedProducts(lines: readonly StockCheckLine[]): ProductError[] {
  const seen = new Set<string>();
  return lines.flatMap(({ productId }, index): ProductError[] => {
    const id = readId(productId) ?? productId;
    if (!seen.has(id)) {
      seen.add(id);
      return [];
    }
    const field = ['lines', String(index), 'productId'];
    return [{ code: 'INVALID', message: 'This product stands in an earlier line.', field }];
  });
}
