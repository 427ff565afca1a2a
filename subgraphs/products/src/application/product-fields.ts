import { rule, text, wholeNumber } from '@trellis/validation';
import { z } from 'zod';
import { isCategorySlug } from '../domain/category.ts';
import { isCurrency } from '../domain/money.ts';

/** How the fields of a product must be, for whoever adds or changes one. The schema's descriptions say the same. */
export const productFields = {
  sku: text({ max: 40 }).check(
    rule('INVALID', (sku) => /^[A-Z0-9-]+$/.test(sku), 'must consist of A-Z, 0-9 and -'),
  ),
  name: text({ max: 200 }),
  description: text({ min: 0, max: 5_000, multiline: true }),
  category: text({ max: 50 }).check(rule('INVALID', isCategorySlug, 'must consist of a-z, 0-9 and -')),
  price: z.object({
    amount: wholeNumber(0, 100_000_000),
    currency: text({ max: 3 }).check(rule('INVALID', isCurrency, 'must be an ISO 4217 code, like USD')),
  }),
};
