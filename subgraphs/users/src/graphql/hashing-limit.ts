import {
  getDirectiveValues,
  GraphQLError,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  type GraphQLResolveInfo,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** More than any client needs in one operation, and about two seconds of work for one thread at cost 12. */
const maxHashingMutations = 10;

/**
 * Bounds how many mutations of one operation may hash a password: under aliases a single request could ask for thousands, and keep others
 * from logging in for minutes. They are counted before the first of them runs: sessions that were begun for an operation which is then refused
 * would be nobody's.
 * @returns called before each of them with the names of all that hash. @throws GraphQLError OPERATION_TOO_LARGE from each of them when there are more than ten.
 */
export function limitHashing(): (info: GraphQLResolveInfo, hashing: ReadonlySet<string>) => void {
  let isTooLarge: boolean | undefined;
  return (info, hashing) => {
    isTooLarge ??= hashingFieldsOf(info, hashing).size > maxHashingMutations;
    if (!isTooLarge) return;
    throw new GraphQLError(
      `An operation may hold at most ${maxHashingMutations} logins, registrations and changes of a password.`,
      { extensions: { code: 'OPERATION_TOO_LARGE' } },
    );
  };
}

/** The response keys of the root fields that hash; fields of one key are one field (section 5.3.2 of the specification). */
function hashingFieldsOf(
  { operation, fragments, variableValues }: GraphQLResolveInfo,
  hashing: ReadonlySet<string>,
): ReadonlySet<string> {
  const keys = new Set<string>();
  const spread = new Set<string>();
  const isIncluded = (selection: SelectionNode): boolean =>
    getDirectiveValues(GraphQLSkipDirective, selection, variableValues)?.['if'] !== true &&
    getDirectiveValues(GraphQLIncludeDirective, selection, variableValues)?.['if'] !== false;
  const collect = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (!isIncluded(selection)) continue;
      if (selection.kind === 'Field') {
        const { alias, name } = selection;
        if (hashing.has(name.value)) keys.add((alias ?? name).value);
      } else if (selection.kind === 'InlineFragment') {
        collect(selection.selectionSet);
      } else if (!spread.has(selection.name.value)) {
        spread.add(selection.name.value);
        const fragment = fragments[selection.name.value];
        if (fragment !== undefined) collect(fragment.selectionSet);
      }
    }
  };
  collect(operation.selectionSet);
  return keys;
}
