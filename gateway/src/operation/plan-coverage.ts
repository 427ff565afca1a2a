import {
  baseType,
  federationMetadata,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  possibleRuntimeTypes,
  type NamedType,
  type Schema,
} from '@apollo/federation-internals';
import type {
  FetchNode,
  PlanNode,
  QueryPlan,
  QueryPlanSelectionNode,
  ResponsePath,
} from '@apollo/query-planner';
import {
  isAbstractType as isAbstract,
  Kind,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';
import { fetchDocument } from '../execution/fetch-document.ts';
import { isIncluded, type ConditionValues } from './selection-conditions.ts';

/** What fetches bring to one place of the response. */
export interface Coverage {
  readonly fields: Map<string, CoveredField>;
}

interface CoveredField {
  /** The object types whose field is fetched, each with the types that it can have as a value; undefined for leaves. */
  readonly holders: Map<string, ReadonlySet<string> | undefined>;
  readonly within: Coverage;
}

/** The schemas that a plan is read by. */
export interface PlanSchemas {
  readonly supergraphSchema: GraphQLSchema;
  readonly subgraphSchemas: ReadonlyMap<string, Schema>;
}

/** A plan is read for some values of its conditions. */
interface Reading extends PlanSchemas {
  readonly values: ConditionValues;
}

/** Reads off a plan which fields it fetches, of which types, at which places of the response. */
export function coverageOf(schemas: PlanSchemas, plan: QueryPlan, values: ConditionValues): Coverage {
  const reading: Reading = { ...schemas, values };
  const root: Coverage = { fields: new Map() };
  const { node } = plan;
  if (node?.kind === 'Subscription') {
    coverNode(reading, node.primary, [], root);
    if (node.rest !== undefined) coverNode(reading, node.rest, [], root);
  } else if (node !== undefined) coverNode(reading, node, [], root);
  return root;
}

function coverNode(reading: Reading, node: PlanNode, at: ResponsePath, root: Coverage): void {
  switch (node.kind) {
    case 'Fetch': {
      const place = placeAt(root, at);
      merge(place, coverageOfFetch(reading, node, place));
      return;
    }
    case 'Sequence':
    case 'Parallel':
      for (const child of node.nodes) coverNode(reading, child, at, root);
      return;
    case 'Flatten':
      coverNode(reading, node.node, [...at, ...node.path], root);
      return;
    case 'Condition': {
      const branch = reading.values.get(node.condition) === true ? node.ifClause : node.elseClause;
      if (branch !== undefined) coverNode(reading, branch, at, root);
      return;
    }
    case 'Defer':
      if (node.primary.node !== undefined) coverNode(reading, node.primary.node, at, root);
      for (const deferred of node.deferred) {
        if (deferred.node !== undefined) coverNode(reading, deferred.node, at, root);
      }
      return;
  }
}

function placeAt(root: Coverage, path: ResponsePath): Coverage {
  let place = root;
  for (const step of path) {
    if (step !== '@') place = fieldAt(place, String(step)).within;
  }
  return place;
}

function fieldAt({ fields }: Coverage, key: string): CoveredField {
  let field = fields.get(key);
  if (field === undefined) {
    field = { holders: new Map(), within: { fields: new Map() } };
    fields.set(key, field);
  }
  return field;
}

/**
 * Adds what one more fetch brings. A value that two fetches bring has only types that both subgraphs know: they have to resolve a shared field alike.
 */
function merge(into: Coverage, from: Coverage): void {
  for (const [key, { holders, within }] of from.fields) {
    const field = fieldAt(into, key);
    for (const [holder, values] of holders) {
      const known = field.holders.get(holder);
      field.holders.set(holder, known === undefined ? values : intersection(known, values));
    }
    merge(field.within, within);
  }
}

/** @param place what earlier fetches have brought to where the entities are. */
function coverageOfFetch(reading: Reading, node: FetchNode, place: Coverage): Coverage {
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
    if (rewrite.kind === 'KeyRenamer') rename(supergraphSchema, coverage, rewrite.path, rewrite.renameKeyTo);
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

interface Subgraph extends Reading {
  readonly schema: Schema;
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
      const possible = values && intersection(values, sharedTypes(subgraph, holder, selection.name.value));
      const known = field.holders.get(holder);
      field.holders.set(holder, known === undefined ? possible : intersection(known, possible));
    }
    if (selection.selectionSet !== undefined && value !== undefined)
      cover(subgraph, selection.selectionSet, value.name, values ?? new Set(), field.within);
  }
}

const sharedTypesOf = new WeakMap<
  PlanSchemas['subgraphSchemas'],
  Map<string, ReadonlySet<string> | undefined>
>();

/**
 * The types that a field can have as a value whichever subgraph resolves it. Those that share a field have to resolve it alike, so the planner leaves
 * out what one of them cannot mean.
 * @returns undefined when no subgraph narrows them.
 */
function sharedTypes(subgraph: Subgraph, holder: string, field: string): ReadonlySet<string> | undefined {
  const { subgraphSchemas, supergraphSchema } = subgraph;
  let known = sharedTypesOf.get(subgraphSchemas);
  if (known === undefined)
    sharedTypesOf.set(subgraphSchemas, (known = new Map<string, ReadonlySet<string> | undefined>()));
  const coordinate = `${holder}.${field}`;
  if (known.has(coordinate)) return known.get(coordinate);
  let shared: ReadonlySet<string> | undefined;
  for (const schema of subgraphSchemas.values()) {
    const type = schema.type(holder);
    const definition = type !== undefined && isObjectType(type) ? type.field(field) : undefined;
    if (definition?.type === undefined || federationMetadata(schema)?.isFieldExternal(definition) === true)
      continue;
    const value = baseType(definition.type);
    if (!isCompositeType(value)) break;
    const types = subgraphTypes({ schema, supergraphSchema }, value.name);
    shared = shared === undefined ? types : intersection(types, shared);
  }
  known.set(coordinate, shared);
  return shared;
}

function valueType(schema: Schema, parent: string, field: string): NamedType | undefined {
  const type = schema.type(parent);
  if (type === undefined || !(isObjectType(type) || isInterfaceType(type))) return undefined;
  const definition = type.field(field);
  return definition?.type === undefined ? undefined : baseType(definition.type);
}

/** The object types that an object of a subgraph's type can be of, as the supergraph has them. */
function subgraphTypes(
  { schema, supergraphSchema }: Pick<Subgraph, 'schema' | 'supergraphSchema'>,
  name: string,
): ReadonlySet<string> {
  const type = schema.type(name);
  // A subgraph that has the interface as an object knows none of its types, so it can be any.
  if (type === undefined || isObjectType(type)) return supergraphTypes(supergraphSchema, name);
  if (!isAbstractType(type)) return new Set();
  return new Set(
    possibleRuntimeTypes(type).flatMap((possible) => [...supergraphTypes(supergraphSchema, possible.name)]),
  );
}

/** The object types that an object of a type of the supergraph can be of. */
export function supergraphTypes(schema: GraphQLSchema, name: string): ReadonlySet<string> {
  const type = schema.getType(name);
  return new Set(isAbstract(type) ? schema.getPossibleTypes(type).map((possible) => possible.name) : [name]);
}

function rename(
  schema: GraphQLSchema,
  coverage: Coverage,
  path: readonly string[],
  to: string,
  only?: ReadonlySet<string>,
): void {
  const [step, ...rest] = path;
  if (step === undefined) return;
  if (step.startsWith('... on ')) {
    rename(schema, coverage, rest, to, supergraphTypes(schema, step.slice('... on '.length)));
    return;
  }
  const field = coverage.fields.get(step);
  if (field === undefined) return;
  if (rest.length > 0) {
    rename(schema, field.within, rest, to);
    return;
  }
  const moved = [...field.holders].filter(([holder]) => only === undefined || only.has(holder));
  merge(coverage, { fields: new Map([[to, { holders: new Map(moved), within: field.within }]]) });
}

/** @param one undefined for the values of a leaf. */
function intersection(one: ReadonlySet<string>, other: ReadonlySet<string> | undefined): ReadonlySet<string> {
  return other === undefined ? one : new Set([...one].filter((name) => other.has(name)));
}
