import type { FetchNode, PlanNode, ResponsePath } from '@apollo/query-planner';
import { Kind, parse, type FragmentDefinitionNode, type SelectionNode } from 'graphql';

/**
 * Whether objects that are represented alike may get the very same containers, instead of copies, from the answer for them. They may when each place
 * of the response is filled by one fetch: what later fetches add within such a container is then a function of the container alone, and the same
 * wherever it stands.
 */
export function mayShare(plan: PlanNode): boolean {
  const filled = new Set<string>();
  return fetchesOf(plan, []).every(({ node, at }) => {
    const places = placesFilledBy(node, at);
    const free = [...places].every((place) => !filled.has(place));
    for (const place of places) filled.add(place);
    // Rewrites put fields elsewhere than the operation says.
    return free && node.outputRewrites === undefined;
  });
}

function fetchesOf(node: PlanNode, at: ResponsePath): { node: FetchNode; at: ResponsePath }[] {
  switch (node.kind) {
    case 'Fetch':
      return [{ node, at }];
    case 'Sequence':
    case 'Parallel':
      return node.nodes.flatMap((child) => fetchesOf(child, at));
    case 'Flatten':
      return fetchesOf(node.node, [...at, ...node.path]);
    case 'Condition':
      return [node.ifClause, node.elseClause].flatMap((branch) =>
        branch === undefined ? [] : fetchesOf(branch, at),
      );
    case 'Defer':
      return [];
  }
}

/** The places at which a fetch puts containers: paths of response keys, without list indexes. */
function placesFilledBy(node: FetchNode, at: ResponsePath): Set<string> {
  const { definitions } = parse(node.operation);
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const places = new Set<string>();
  const visit = (selections: readonly SelectionNode[], path: readonly string[]): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) visit(selection.selectionSet.selections, path);
      else if (selection.kind === Kind.FRAGMENT_SPREAD) {
        visit(fragments.get(selection.name.value)?.selectionSet.selections ?? [], path);
      } else if (selection.selectionSet !== undefined) {
        const isEntities = node.requires !== undefined && selection.name.value === '_entities';
        const here = isEntities ? path : [...path, selection.alias?.value ?? selection.name.value];
        if (!isEntities) places.add(here.join('\n'));
        visit(selection.selectionSet.selections, here);
      }
    }
  };
  const start = at.map(String).filter((step) => step !== '@');
  for (const definition of definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) visit(definition.selectionSet.selections, start);
  }
  return places;
}
