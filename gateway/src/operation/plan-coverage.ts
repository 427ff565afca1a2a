import {
  baseType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  possibleRuntimeTypes,
  type NamedType,
  type Schema,
} from '@apollo/federation-internals';
import type { FetchNode, PlanNode, QueryPlan, ResponsePath } from '@apollo/query-planner';
import {
  isAbstractType as isAbstract,
  Kind,
  parse,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';

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

/** Reads off a plan which fields it fetches, of which types, at which places of the response. */
export function coverageOf(schemas: PlanSchemas, plan: QueryPlan): Coverage {
  const root: Coverage = { fields: new Map() };
  const { node } = plan;
  if (node?.kind === 'Subscription') {
    coverNode(schemas, node.primary, [], root);
    if (node.rest !== undefined) coverNode(schemas, node.rest, [], root);
  } else if (node !== undefined) coverNode(schemas, node, [], root);
  return root;
}

function coverNode(schemas: PlanSchemas, node: PlanNode, at: ResponsePath, root: Coverage): void {
  switch (node.kind) {
    case 'Fetch':
      merge(placeAt(root, at), coverageOfFetch(schemas, node));
      return;
    case 'Sequence':
    case 'Parallel':
      for (const child of node.nodes) coverNode(schemas, child, at, root);
      return;
    case 'Flatten':
      coverNode(schemas, node.node, [...at, ...node.path], root);
      return;
    case 'Condition':
      for (const branch of [node.ifClause, node.elseClause]) {
        if (branch !== undefined) coverNode(schemas, branch, at, root);
      }
      return;
    case 'Defer':
      if (node.primary.node !== undefined) coverNode(schemas, node.primary.node, at, root);
      for (const deferred of node.deferred) {
        if (deferred.node !== undefined) coverNode(schemas, deferred.node, at, root);
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

function coverageOfFetch(schemas: PlanSchemas, node: FetchNode): Coverage {
  const schema = schemas.subgraphSchemas.get(node.serviceName);
  if (schema === undefined)
    throw new Error(`the plan names a subgraph ${node.serviceName} that is not there`);
  const { definitions } = parse(node.operation, { noLocation: true });
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const subgraph: Subgraph = { ...schemas, schema, fragments };
  const coverage: Coverage = { fields: new Map() };
  for (const definition of definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const rootName = schema.schemaDefinition.rootType(definition.operation)?.name ?? '';
    if (node.requires === undefined) {
      // Whatever a subgraph calls its root types, the supergraph's have the standard's names.
      const merged = schemas.supergraphSchema.getRootType(definition.operation)?.name ?? rootName;
      cover(subgraph, definition.selectionSet, rootName, new Set([merged]), coverage);
      continue;
    }
    const represented = new Set(
      node.requires.flatMap((selection) =>
        selection.kind === 'InlineFragment' && selection.typeCondition !== undefined
          ? [...supergraphTypes(schemas.supergraphSchema, selection.typeCondition)]
          : [],
      ),
    );
    for (const selection of definition.selectionSet.selections) {
      if (selection.kind === Kind.FIELD && selection.selectionSet !== undefined)
        cover(subgraph, selection.selectionSet, '_Entity', represented, coverage);
    }
  }
  for (const rewrite of node.outputRewrites ?? []) {
    if (rewrite.kind === 'KeyRenamer')
      rename(schemas.supergraphSchema, coverage, rewrite.path, rewrite.renameKeyTo);
  }
  return coverage;
}

interface Subgraph extends PlanSchemas {
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
      const known = field.holders.get(holder);
      field.holders.set(holder, known === undefined ? values : intersection(known, values));
    }
    if (selection.selectionSet !== undefined && value !== undefined)
      cover(subgraph, selection.selectionSet, value.name, values ?? new Set(), field.within);
  }
}

function valueType(schema: Schema, parent: string, field: string): NamedType | undefined {
  const type = schema.type(parent);
  if (type === undefined || !(isObjectType(type) || isInterfaceType(type))) return undefined;
  const definition = type.field(field);
  return definition?.type === undefined ? undefined : baseType(definition.type);
}

/** The object types that an object of a subgraph's type can be of, as the supergraph has them. */
function subgraphTypes({ schema, supergraphSchema }: Subgraph, name: string): ReadonlySet<string> {
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
