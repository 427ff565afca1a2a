import type { z } from 'zod';
import type { InputErrorCode } from './fields.ts';
import { failure, type Result, type UserError } from './user-error.ts';
import { validateInput } from './validate-input.ts';

/**
 * Checks an input against its rules, in the words of one subgraph.
 * @param argument the name of the GraphQL argument; every error's field begins with it.
 * @returns the parsed input, or every fault (up to 25) with its field.
 */
export type InputCheck<Code extends string> = <T>(
  rules: z.ZodType<T>,
  input: unknown,
  argument?: string,
) => Result<T, UserError<Code>>;

/**
 * Makes the check of a subgraph, whose schema need not have every code that a check can give.
 * @param insteadOf what is said for each code that the subgraph lacks. The type asks for all of them: a code that the schema does not know
 * would fail the whole answer.
 */
export function createInputCheck<Code extends string>(
  insteadOf: Readonly<Record<Exclude<InputErrorCode, Code>, Code>>,
): InputCheck<Code> {
  const substitutes: Partial<Record<InputErrorCode, Code>> = insteadOf;
  return (rules, input, argument) => {
    const checked = validateInput(rules, input, argument);
    if (checked.ok) return checked;
    // Safe: a code without a substitute is one that the subgraph has.
    return failure(
      ...checked.errors.map(({ code, ...rest }) => ({ ...rest, code: substitutes[code] ?? (code as Code) })),
    );
  };
}
