import { failure, readId, rule, success, text, wholeNumber, type Result } from '@trellis/validation';
import { z } from 'zod';
import { productIsArchived, productNotFound, type ProductError } from '../domain/errors.ts';
import { isArchived, type Product } from '../domain/product.ts';
import { adjustStock as adjustedStock, maxOnHand } from '../domain/stock.ts';
import { checkInput } from './check-input.ts';
import type { ChangeContext } from './unit-of-work.ts';

const adjustment = z.object({
  productId: z.string(),
  change: wholeNumber(-1_000_000, 1_000_000).check(
    rule('OUT_OF_RANGE', (change) => change !== 0, 'must not be 0'),
  ),
  reason: text({ max: 200 }),
});

export type AdjustStockInput = z.input<typeof adjustment>;

const refusals = {
  INSUFFICIENT_STOCK: 'Less would be on hand than is reserved.',
  OUT_OF_RANGE: `At most ${maxOnHand} can be on hand.`,
} as const;

/** Changes what is on hand by hand, with a reason that the ledger keeps. */
export async function adjustStock(
  { transact, now }: ChangeContext,
  input: AdjustStockInput,
): Promise<Result<Product, ProductError>> {
  const valid = checkInput(adjustment, input);
  if (!valid.ok) return valid;
  const { change, reason } = valid.value;
  const id = readId(valid.value.productId);
  if (id === undefined) return failure(productNotFound(['input', 'productId']));

  return transact(async (unit) => {
    const [stock] = await unit.stock.lock([id]);
    const [product] = await unit.catalogue.find([id]);
    if (stock === undefined || product === undefined) return failure(productNotFound(['input', 'productId']));
    if (isArchived(product)) return failure(productIsArchived(['input', 'productId']));
    const movement = adjustedStock(stock, change, reason);
    if (typeof movement === 'string') {
      return failure({ code: movement, message: refusals[movement], field: ['input', 'change'] });
    }
    await unit.stock.record([movement], now());
    await unit.publish([{ kind: 'StockChanged', stock: movement.stock, reason }]);
    return success(product);
  });
}
