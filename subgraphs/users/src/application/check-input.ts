import { createInputCheck } from '@trellis/validation';
import type { AccountErrorCode } from '../domain/errors.ts';

/** Checks an input against its rules. None here holds a number, so nothing is ever out of range. */
export const checkInput = createInputCheck<AccountErrorCode>({ OUT_OF_RANGE: 'INVALID' });
