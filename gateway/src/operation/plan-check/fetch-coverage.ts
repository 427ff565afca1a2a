import { isCompositeType } from '@apollo/federation-internals';
import type { FetchNode, QueryPlanSelectionNode } from '@apollo/query-planner';
import { Kind, type FragmentDefinitionNode, type GraphQLSchema, type SelectionSetNode } from 'graphql';
import { fetchDocument } from '../fetch-document.ts';
import { isIncluded, type ConditionValues } from '../selection-conditions.ts';
import { fieldAt, intersection, merge, union, type CombineTypes, type Coverage } from './coverage.ts';
import {
  sharedTypes,
  subgraphTypes,
  supergraphTypes,
  valueType,
  type PlanSchemas,
  type SubgraphSchemas,
} from './possible-types.ts';

/** A plan is read for some values of its conditions. */
export interface Reading extends PlanSchemas {
  readonly values: ConditionValues;
  /**
   * Whether subgraphs are taken to resolve a field that they share alike, as the planner does: its value has only types that all of them know then. If
   * not, it has any that one of them knows.
   */
  readonly sharedAlike: boolean;
}

/** See `Reading.sharedAlike`. */
export function combineTypes({ sharedAlike }: Pick<Reading, 'sharedAlike'>): CombineTypes {
  return sharedAlike ? intersection : union;
}

/**
 * What one fetch brings.
 * @param place what earlier fetches have brought to where the entities are.
 */
export function coverageOfFetch(reading: Reading, node: FetchNode, place: Coverage): Coverage {
  const { supergraphSchema, subgraphSchemas } = reading;
  const schema = subgraphSchemas.get(node.serviceName);
  if (schema === undefined)
    throw new Error(`the plan names a subgraph ${node.serviceName} that is not there`);
  const { operation, fragments } = fetchDocument(node);
  const byName = new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
  const subgraph: Subgraph = { ...reading, schema, fragments: byName };
  const coverage: Coverage = { fields: new Map() };
  if (node.requires === undefined) {
    const own = schema.schemaDefinition.rootType(operation.operation)?.name ?? '';
    const merged = supergraphSchema.getRootType(operation.operation)?.name ?? own;
    cover(subgraph, operation.selectionSet, own, new Set([merged]), coverage);
  } else {
    const represented = representedTypes(supergraphSchema, node.requires, place);
    for (const selection of operation.selectionSet.selections) {
      if (selection.kind === Kind.FIELD && selection.selectionSet !== undefined)
        cover(subgraph, selection.selectionSet, '_Entity', represented, coverage);
    }
  }
  for (const rewrite of node.outputRewrites ?? []) {
    if (rewrite.kind === 'KeyRenamer') rename(reading, coverage, rewrite.path, rewrite.renameKeyTo);
  }
  return coverage;
}

/** The types of entities that can be represented, because all that it takes has been fetched. */
function representedTypes(
  schema: GraphQLSchema,
  requires: readonly QueryPlanSelectionNode[],
  place: Coverage,
): ReadonlySet<string> {
  const types = new Set<string>();
  for (const selection of requires) {
    if (selection.kind !== 'InlineFragment' || selection.typeCondition === undefined) continue;
    for (const type of supergraphTypes(schema, selection.typeCondition)) {
      if (isCovered(schema, selection.selections, type, place)) types.add(type);
    }
  }
  return types;
}

function isCovered(
  schema: GraphQLSchema,
  selections: readonly QueryPlanSelectionNode[],
  type: string,
  place: Coverage,
): boolean {
  return selections.every((selection) => {
    if (selection.kind === 'InlineFragment') {
      const { typeCondition } = selection;
      const applies = typeCondition === undefined || supergraphTypes(schema, typeCondition).has(type);
      return !applies || isCovered(schema, selection.selections, type, place);
    }
    if (selection.name === '__typename') return true;
    const covered = place.fields.get(selection.alias ?? selection.name);
    if (covered?.holders.has(type) !== true) return false;
    const { selections: within } = selection;
    if (within === undefined) return true;
    const values = [...(covered.holders.get(type) ?? [])];
    return values.every((value) => isCovered(schema, within, value, covered.within));
  });
}

interface Subgraph extends Reading, SubgraphSchemas {
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

/**
 * @param parent the type that the subgraph selects on.
 * @param holders the object types, as the supergraph has them, of the objects there.
 */
function cover(
  subgraph: Subgraph,
  { selections }: SelectionSetNode,
  parent: string,
  holders: ReadonlySet<string>,
  into: Coverage,
): void {
  for (const selection of selections) {
    if (!isIncluded(selection, subgraph.values)) continue;
    if (selection.kind !== Kind.FIELD) {
      const fragment =
        selection.kind === Kind.INLINE_FRAGMENT ? selection : subgraph.fragments.get(selection.name.value);
      if (fragment === undefined) continue;
      const condition = fragment.typeCondition?.name.value;
      const narrowed =
        condition === undefined ? holders : intersection(holders, subgraphTypes(subgraph, condition));
      cover(subgraph, fragment.selectionSet, condition ?? parent, narrowed, into);
      continue;
    }
    if (selection.name.value === '__typename') continue;
    const field = fieldAt(into, selection.alias?.value ?? selection.name.value);
    const value = valueType(subgraph.schema, parent, selection.name.value);
    const values =
      value !== undefined && isCompositeType(value) ? subgraphTypes(subgraph, value.name) : undefined;
    for (const holder of holders) {
      const possible = subgraph.sharedAlike
        ? values && intersection(values, sharedTypes(subgraph, holder, selection.name.value))
        : values;
      const known = field.holders.get(holder);
      field.holders.set(holder, known === undefined ? possible : combineTypes(subgraph)(known, possible));
    }
    if (selection.selectionSet !== undefined && value !== undefined)
      cover(subgraph, selection.selectionSet, value.name, values ?? new Set(), field.within);
  }
}

function rename(
  reading: Reading,
  coverage: Coverage,
  path: readonly string[],
  to: string,
  only?: ReadonlySet<string>,
): void {
  const [step, ...rest] = path;
  if (step === undefined) return;
  if (step.startsWith('... on ')) {
    rename(
      reading,
      coverage,
      rest,
      to,
      supergraphTypes(reading.supergraphSchema, step.slice('... on '.length)),
    );
    return;
  }
  const field = coverage.fields.get(step);
  if (field === undefined) return;
  if (rest.length > 0) {
    rename(reading, field.within, rest, to);
    return;
  }
  const moved = [...field.holders].filter(([holder]) => only === undefined || only.has(holder));
  const renamed = { fields: new Map([[to, { holders: new Map(moved), within: field.within }]]) };
  merge(coverage, renamed, combineTypes(reading));
}
