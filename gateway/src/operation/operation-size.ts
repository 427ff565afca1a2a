import {
  GraphQLError,
  Kind,
  type ArgumentNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';

/**
 * More selections than any client needs. Planning this many took about half a second when it was measured, if they cross to no other subgraph; for those that do
 * see `planningCost`.
 */
export const maxSelections = 3_000;

/**
 * Selections that stand under `@skip` or `@include` with a variable. The planner may not merge what stands under different conditions, and plans each copy by
 * itself: this many take about as long as `maxSelections` without conditions.
 */
export const maxConditionalSelections = 300;

/** Deeper documents overflow the stack of libraries that walk them by recursion. */
export const maxDocumentDepth = 200;

/** What a selection set comes to once fragments are spread. A spread counts as much as a field: it is copied like one. */
interface Size {
  /** Its own selections and all that stand below them. */
  readonly selections: number;
  /** Those of them that stand under a condition. */
  readonly conditional: number;
}

/**
 * Refuses an operation that is small as a text and huge when its fragments are spread, before the planner spreads them.
 * @param document valid, so without cycles of fragments.
 * @throws GraphQLError OPERATION_TOO_LARGE.
 */
export function assertPlannable(document: DocumentNode, operation: OperationDefinitionNode): void {
  if (isTooDeep(document)) throw operationTooLarge();
  const fragments = fragmentsOf(document);
  // Each fragment is counted once, however often it is spread.
  const counted = new Map<string, Size>();
  const count = ({ selections: own }: SelectionSetNode): Size => {
    let selections = 0;
    let conditional = 0;
    for (const selection of own) {
      const within = countWithin(selection);
      selections += 1 + within.selections;
      conditional += isConditional(selection) ? 1 + within.selections : within.conditional;
    }
    return { selections, conditional };
  };
  const countWithin = (selection: SelectionNode): Size => {
    if (selection.kind !== Kind.FRAGMENT_SPREAD)
      return selection.selectionSet === undefined ? nothing : count(selection.selectionSet);
    const name = selection.name.value;
    const fragment = fragments.get(name);
    const size = counted.get(name) ?? (fragment === undefined ? nothing : count(fragment.selectionSet));
    counted.set(name, size);
    return size;
  };
  const { selections, conditional } = count(operation.selectionSet);
  if (selections > maxSelections || conditional > maxConditionalSelections) throw operationTooLarge();
}

const nothing: Size = { selections: 0, conditional: 0 };

function isConditional({ directives = [] }: SelectionNode): boolean {
  return directives.some(
    ({ name, arguments: given = [] }) =>
      (name.value === 'skip' || name.value === 'include') &&
      given.some(({ value }) => value.kind === Kind.VARIABLE),
  );
}

/**
 * Whether selections, with their fragments spread, or values nest more than `maxDocumentDepth` deep. It descends no further than that itself, and takes
 * documents that are not valid: a cycle of fragments is for the validation to tell.
 */
export function isTooDeep(document: DocumentNode): boolean {
  const fragments = fragmentsOf(document);
  const heights = new Map<string, number>();
  const heightOf = ({ selections }: SelectionSetNode, depth: number): number => {
    if (depth > maxDocumentDepth) return Infinity;
    let height = 0;
    for (const selection of selections) {
      const { directives = [] } = selection;
      let within = valuesHeight(directives.flatMap(argumentsOf), depth + 1);
      if (selection.kind === Kind.FRAGMENT_SPREAD)
        within = Math.max(within, fragmentHeight(selection.name.value, depth + 1));
      else {
        if (selection.kind === Kind.FIELD)
          within = Math.max(within, valuesHeight(argumentsOf(selection), depth + 1));
        if (selection.selectionSet !== undefined)
          within = Math.max(within, heightOf(selection.selectionSet, depth + 1));
      }
      height = Math.max(height, 1 + within);
    }
    return height;
  };
  const fragmentHeight = (name: string, depth: number): number => {
    const known = heights.get(name);
    if (known !== undefined) return known;
    const fragment = fragments.get(name);
    heights.set(name, 0); // what a cycle comes back to
    const height = fragment === undefined ? 0 : heightOf(fragment.selectionSet, depth);
    heights.set(name, height);
    return height;
  };
  return document.definitions.some((definition) => {
    if (definition.kind === Kind.FRAGMENT_DEFINITION)
      return fragmentHeight(definition.name.value, 0) > maxDocumentDepth;
    if (definition.kind !== Kind.OPERATION_DEFINITION) return false;
    const { selectionSet, directives = [], variableDefinitions = [] } = definition;
    const defaults = variableDefinitions.flatMap(({ defaultValue }) => defaultValue ?? []);
    const given = [...directives.flatMap(argumentsOf), ...defaults];
    return Math.max(heightOf(selectionSet, 0), valuesHeight(given, 0)) > maxDocumentDepth;
  });
}

function argumentsOf({
  arguments: given = [],
}: {
  readonly arguments?: readonly ArgumentNode[];
}): ValueNode[] {
  return given.map(({ value }) => value);
}

function valuesHeight(values: readonly ValueNode[], depth: number): number {
  if (depth > maxDocumentDepth) return Infinity;
  let height = 0;
  for (const value of values) {
    if (value.kind === Kind.LIST) height = Math.max(height, 1 + valuesHeight(value.values, depth + 1));
    else if (value.kind === Kind.OBJECT) {
      const fields = value.fields.map((field) => field.value);
      height = Math.max(height, 1 + valuesHeight(fields, depth + 1));
    }
  }
  return height;
}

function fragmentsOf({ definitions }: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  return fragments;
}

/** The refusal of an operation that costs more than a client may ask for. */
export function operationTooLarge(): GraphQLError {
  return new GraphQLError('The operation is too large or too deeply nested.', {
    extensions: { code: 'OPERATION_TOO_LARGE', http: { status: 400 } },
  });
}
