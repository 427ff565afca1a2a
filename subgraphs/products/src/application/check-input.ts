import { createInputCheck } from '@trellis/validation';
import type { ProductErrorCode } from '../domain/errors.ts';

/** Checks an input against its rules. No rule here wants more of a text than that it is not empty. */
export const checkInput = createInputCheck<ProductErrorCode>({ TOO_SHORT: 'INVALID' });
