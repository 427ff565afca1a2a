import {
  Kind,
  OperationTypeNode,
  print,
  type DocumentNode,
  type InlineFragmentNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { deferredNumber } from '../../operation/defer-directive.ts';
import type { DeferringPlan } from '../../operation/deferred-operation.ts';
import type { ConcretePath } from '../target.ts';
import { markerFor } from './marker.ts';

/** What is delivered at one time: the initial result, or a deferred fragment. */
export interface Part {
  /** What the plan calls it; empty for the initial result. */
  readonly planLabel: string;
  /** What the client calls it. */
  readonly label: string | undefined;
  /** The type that an object must be of for the fragment to apply. */
  readonly typeCondition: string | undefined;
  /** Selects what is delivered, on the type of the object: deferred fragments within have become markers. */
  readonly document: DocumentNode;
  /** The same as a selection. */
  readonly own: SelectionSetNode;
  /** With the deferred fragments within. */
  readonly whole: SelectionSetNode;
  readonly nested: readonly NestedPart[];
}

/** A deferred fragment within a part. */
export interface NestedPart {
  readonly part: Part;
  /** The response keys from the part's object to those that the fragment is on, without list indexes. */
  readonly keys: readonly string[];
  /** The response key of its marker. */
  readonly marker: string;
}

const known = new WeakMap<DeferringPlan, Part>();

/** The initial result of an operation, and within it whatever comes later. */
export function partsOf(planned: DeferringPlan): Part {
  let initial = known.get(planned);
  if (initial === undefined) known.set(planned, (initial = divide(planned)));
  return initial;
}

function divide({ operation, fragments }: DeferringPlan): Part {
  const text = print(operation);
  let prefix = '__deferred';
  while (text.includes(prefix)) prefix += '_';

  const split = (
    { selections }: SelectionSetNode,
    keys: readonly string[],
    nested: NestedPart[],
  ): SelectionSetNode => ({
    kind: Kind.SELECTION_SET,
    selections: selections.map((selection) => {
      if (selection.kind === Kind.FRAGMENT_SPREAD) throw new Error('the operation is not expanded');
      if (selection.selectionSet === undefined) return selection;
      if (selection.kind === Kind.FIELD) {
        const within = [...keys, selection.alias?.value ?? selection.name.value];
        return { ...selection, selectionSet: split(selection.selectionSet, within, nested) };
      }
      const number = deferredNumber(selection);
      if (number === undefined)
        return { ...selection, selectionSet: split(selection.selectionSet, keys, nested) };
      const marker = `${prefix}${number}`;
      nested.push({ part: deferredPart(number, selection), keys, marker });
      return markerFor(
        marker,
        (selection.directives ?? []).filter(({ name }) => name.value !== 'defer'),
      );
    }),
  });

  const deferredPart = (number: number, { typeCondition, selectionSet }: InlineFragmentNode): Part => {
    const nested: NestedPart[] = [];
    const own = split(selectionSet, [], nested);
    const fragment: InlineFragmentNode = {
      kind: Kind.INLINE_FRAGMENT,
      ...(typeCondition === undefined ? {} : { typeCondition }),
      selectionSet: own,
    };
    return {
      planLabel: String(number),
      label: fragments[number]?.label,
      typeCondition: typeCondition?.name.value,
      document: documentOf({
        kind: Kind.OPERATION_DEFINITION,
        // The object's type takes the place of the query type.
        operation: OperationTypeNode.QUERY,
        variableDefinitions: operation.variableDefinitions ?? [],
        selectionSet: { kind: Kind.SELECTION_SET, selections: [fragment] },
      }),
      own,
      whole: selectionSet,
      nested,
    };
  };

  const nested: NestedPart[] = [];
  const own = split(operation.selectionSet, [], nested);
  return {
    planLabel: '',
    label: undefined,
    typeCondition: undefined,
    document: documentOf({ ...operation, selectionSet: own }),
    own,
    whole: operation.selectionSet,
    nested,
  };
}

function documentOf(operation: OperationDefinitionNode): DocumentNode {
  return { kind: Kind.DOCUMENT, definitions: [operation] };
}

/** Whether a path from the selection's object leads to something that it selects, whatever the types. */
export function selects(selectionSet: SelectionSetNode, path: ConcretePath): boolean {
  const keys = path.filter((step) => typeof step === 'string');
  const walk = ({ selections }: SelectionSetNode, depth: number): boolean => {
    const key = keys[depth];
    if (key === undefined) return true;
    return selections.some((selection) => {
      if (selection.kind === Kind.FRAGMENT_SPREAD) return false;
      if (selection.kind === Kind.INLINE_FRAGMENT) return walk(selection.selectionSet, depth);
      if ((selection.alias?.value ?? selection.name.value) !== key) return false;
      return selection.selectionSet === undefined || walk(selection.selectionSet, depth + 1);
    });
  };
  return walk(selectionSet, 0);
}
