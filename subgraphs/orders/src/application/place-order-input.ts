import { createHash } from 'node:crypto';
import { failure, rule, success, wholeNumber, type Result } from '@trellis/validation';
import { z } from 'zod';
import type { OrderError } from '../domain/errors.ts';
import { checkInput } from './check-input.ts';

const maxLines = 100;
const maxQuantity = 1_000;
const maxKeyLength = 100;

const idempotencyKey = z.string().check(
  rule('REQUIRED', (key) => key.length > 0, 'must not be empty'),
  rule('TOO_LONG', (key) => key.length <= maxKeyLength, `must be at most ${maxKeyLength} characters`),
  rule('INVALID', (key) => /^[\x20-\x7e]*$/.test(key), 'must be printable ASCII characters'),
);

const line = z.object({ productId: z.string(), quantity: wholeNumber(1, maxQuantity) });

export type LineInput = z.infer<typeof line>;

const placeOrderInput = z.object({
  idempotencyKey,
  // The length first, and the lines only if it fits: ten thousand bad lines are one fault.
  lines: z.array(z.unknown()).min(1).max(maxLines).pipe(z.array(line)),
});

export type PlaceOrderInput = z.infer<typeof placeOrderInput>;

/** Reads what a customer asks for. Whether the products exist is for the catalogue to say. */
export function readPlaceOrderInput(input: unknown): Result<PlaceOrderInput, OrderError> {
  const parsed = checkInput(placeOrderInput, input);
  if (!parsed.ok) return parsed;
  const duplicates = duplicateLines(parsed.value.lines);
  return duplicates.length > 0 ? failure(...duplicates) : success(parsed.value);
}

function duplicateLines(lines: readonly LineInput[]): OrderError[] {
  const firstLines = new Map<string, number>();
  return lines.flatMap(({ productId }, index) => {
    const key = productId.toLowerCase();
    const first = firstLines.get(key);
    if (first === undefined) {
      firstLines.set(key, index);
      return [];
    }
    return {
      code: 'DUPLICATE_LINE',
      message: `The product stands in line ${first + 1} already: add the quantities up.`,
      field: ['input', 'lines', String(index), 'productId'],
    } satisfies OrderError;
  });
}

/** Equal for the same products in the same quantities: neither the order of the lines nor the case of an id makes another order. */
export function hashLines(lines: readonly LineInput[]): string {
  const canonical = lines.map(({ productId, quantity }) => `${productId.toLowerCase()}:${quantity}`).sort();
  return createHash('sha256').update(JSON.stringify(canonical)).digest('hex');
}
