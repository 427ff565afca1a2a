import {
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/**
 * Pairs of fields that a document may have validated for whether they can be merged, together with the fields looked at to count them. An operation of 300
 * components that ask for the same field has 45,000; this many took about 100 ms when it was measured.
 */
export const maxOverlaps = 100_000;

/** A selection set, and the fragments that it stands in. */
interface Spread {
  readonly set: SelectionSetNode;
  readonly inside: Inside | undefined;
}

interface Inside {
  readonly fragment: string;
  readonly outer: Inside | undefined;
}

/**
 * Whether fields of one response key stand in one place so often that validating them would hold up everybody: each is compared with every other one, and the
 * fields within both again. Takes documents that are not valid.
 * @param document that is not too deep; see `isTooDeep`.
 */
export function overlapsTooMuch({ definitions }: DocumentNode): boolean {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const reached = new Set<string>();
  let left = maxOverlaps;
  /** Counts what stands in one place, and then what stands within it. Ends early when there is too much. */
  const count = (place: readonly Spread[]): void => {
    const byKey = new Map<string, { field: FieldNode; inside: Inside | undefined }[]>();
    const spread = new Set<string>();
    const collect = ({ set, inside }: Spread): void => {
      for (const selection of set.selections) {
        left -= 1;
        if (left < 0) return;
        if (selection.kind === Kind.FIELD) {
          const key = (selection.alias ?? selection.name).value;
          const alike = byKey.get(key);
          if (alike === undefined) byKey.set(key, [{ field: selection, inside }]);
          else left -= alike.push({ field: selection, inside }) - 1;
        } else if (selection.kind === Kind.INLINE_FRAGMENT) collect({ set: selection.selectionSet, inside });
        else {
          const fragment = selection.name.value;
          const found = fragments.get(fragment);
          // Two of one name are compared with nothing of each other. A cycle is for the validation to tell.
          if (found === undefined || spread.has(fragment) || isInside(fragment, inside)) continue;
          spread.add(fragment);
          reached.add(fragment);
          collect({ set: found.selectionSet, inside: { fragment, outer: inside } });
        }
      }
    };
    place.forEach(collect);
    for (const alike of byKey.values()) {
      if (left < 0) return;
      const within = alike.flatMap(({ field: { selectionSet: set }, inside }) =>
        set === undefined ? [] : [{ set, inside }],
      );
      if (within.length > 0) count(within);
    }
  };
  for (const definition of definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION)
      count([{ set: definition.selectionSet, inside: undefined }]);
  }
  for (const [fragment, { selectionSet: set }] of fragments) {
    if (!reached.has(fragment)) count([{ set, inside: { fragment, outer: undefined } }]);
  }
  return left < 0;
}

function isInside(fragment: string, inside: Inside | undefined): boolean {
  for (let around = inside; around !== undefined; around = around.outer) {
    if (around.fragment === fragment) return true;
  }
  return false;
}
