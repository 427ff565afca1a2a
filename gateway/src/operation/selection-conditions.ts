import { GraphQLIncludeDirective, GraphQLSkipDirective, Kind, type SelectionNode } from 'graphql';

/** Values of the variables that `@skip` and `@include` depend on. */
export type ConditionValues = ReadonlyMap<string, boolean>;

/** More variables than this are not tried in every combination. */
const maxCombined = 4;

/** Whether a selection is part of the operation. A variable without a value counts as one that includes. */
export function isIncluded({ directives = [] }: SelectionNode, values: ConditionValues): boolean {
  return directives.every(({ name, arguments: given = [] }) => {
    const includes = name.value === GraphQLIncludeDirective.name;
    if (!includes && name.value !== GraphQLSkipDirective.name) return true;
    const value = given.find((argument) => argument.name.value === 'if')?.value;
    if (value?.kind === Kind.BOOLEAN) return value.value === includes;
    return value?.kind !== Kind.VARIABLE || (values.get(value.name.value) ?? includes) === includes;
  });
}

/**
 * Values to look at an operation with: every combination of a few variables; of many, those in which all or all but one are the same.
 */
export function conditionCombinations(variables: readonly string[]): ConditionValues[] {
  const { length } = variables;
  if (length <= maxCombined) {
    return Array.from(
      { length: 2 ** length },
      (_, bits) => new Map(variables.map((name, index) => [name, (bits & (1 << index)) !== 0])),
    );
  }
  return [true, false].flatMap((value) => [
    new Map(variables.map((name) => [name, value])),
    ...variables.map((other) => new Map(variables.map((name) => [name, (name === other) !== value]))),
  ]);
}
