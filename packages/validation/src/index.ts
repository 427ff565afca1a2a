export { rule, text, wholeNumber, type InputErrorCode } from './fields.ts';
export { readId, type Id } from './id.ts';
export { createInputCheck, type InputCheck } from './input-check.ts';
export { failure, success, type Result, type UserError } from './user-error.ts';
export { validateInput } from './validate-input.ts';
