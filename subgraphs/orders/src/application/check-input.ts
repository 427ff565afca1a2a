import { createInputCheck } from '@trellis/validation';
import type { OrderErrorCode } from '../domain/errors.ts';

/** Checks an input against its rules. No rule here wants more of a text than that it is not empty. */
export const checkInput = createInputCheck<OrderErrorCode>({ TOO_SHORT: 'INVALID' });
