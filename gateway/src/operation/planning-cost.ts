import { federationMetadata, isInterfaceType, isObjectType } from '@apollo/federation-internals';
import {
  getNamedType,
  isAbstractType,
  isInterfaceType as isInterface,
  isObjectType as isObject,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionNode,
} from 'graphql';
import { intersection } from './plan-check/coverage.ts';
import { maxSelections, operationTooLarge } from './operation-size.ts';
import type { PlanSchemas } from './plan-check/possible-types.ts';

/** What one fetch of entities adds to the cost of planning, in selections that cross to no other subgraph. Measured, as `maxSelections` is. */
const fetchCost = 3;

/** The same where several subgraphs have the field: the planner weighs each of them, together with all others of the operation. */
const choiceCost = 15;

/** What one root field of a mutation adds: each is a step of its own, and the planner goes through all steps before it again. */
const stepCost = 10;

/** Subgraphs by name. */
type Subgraphs = ReadonlySet<string>;

/** Where a selection set stands. */
interface Place {
  readonly type: string;
  /** Which of them can have fetched the object. */
  readonly from: Subgraphs;
  /** Those, by name, that are asked for more of the object already. Shared by all fragments of the place. */
  readonly fetches: Set<string>;
}

/**
 * Refuses an operation that is of few selections and needs very many fetches, each of which takes as long to plan as several selections.
 * @param document of a size that `assertPlannable` lets pass.
 * @throws GraphQLError OPERATION_TOO_LARGE.
 */
export function assertCheapToPlan(
  schemas: PlanSchemas,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): void {
  if (planningCost(schemas, document, operation) > maxSelections) throw operationTooLarge();
}

/**
 * About how long the planner takes, in selections that cross to no other subgraph: one for each selection, fragments spread, more where an object's fields come from
 * another subgraph than the object, and as often as an abstract type is taken apart for that; and more for each step of a mutation.
 */
export function planningCost(
  schemas: PlanSchemas,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): number {
  const { supergraphSchema: schema } = schemas;
  const root = schema.getRootType(operation.operation)?.name;
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const costOf = (selections: readonly SelectionNode[], place: Place): number => {
    let cost = 0;
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        cost += fieldCost(selection, place);
        continue;
      }
      const fragment =
        selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
      if (fragment === undefined) continue;
      const type = fragment.typeCondition?.name.value ?? place.type;
      cost += 1 + costOf(fragment.selectionSet.selections, { ...place, type });
    }
    return cost;
  };
  const fieldCost = ({ name: { value: name }, selectionSet }: FieldNode, place: Place): number => {
    const { subgraphs: owners, required } = ownersOf(schemas, place.type, name);
    const here = intersection(owners, place.from);
    const isCrossing = here.size === 0 && owners.size > 0;
    let fetches = 0;
    if (isCrossing || required) {
      const wanted = [...owners].join();
      if (!place.fetches.has(wanted)) {
        place.fetches.add(wanted);
        fetches = (owners.size > 1 ? choiceCost : fetchCost) + (required ? fetchCost : 0);
      }
    }
    const type = schema.getType(place.type);
    const field = isObject(type) || isInterface(type) ? type.getFields()[name] : undefined;
    const from = isCrossing ? owners : here;
    const within =
      field === undefined || selectionSet === undefined
        ? 0
        : costOf(selectionSet.selections, { type: getNamedType(field.type).name, from, fetches: new Set() });
    const step = operation.operation === 'mutation' && place.type === root ? stepCost : 0;
    return step + fetches + (1 + within) * (isCrossing ? timesTakenApart(schemas, place) : 1);
  };
  if (root === undefined) return 0;
  const everywhere = new Set(schemas.subgraphSchemas.keys());
  return costOf(operation.selectionSet.selections, { type: root, from: everywhere, fetches: new Set() });
}

/** For how many types the planner looks for a field that the subgraph of an object of an abstract type does not have. */
function timesTakenApart({ supergraphSchema, subgraphSchemas }: PlanSchemas, { type, from }: Place): number {
  const abstract = supergraphSchema.getType(type);
  if (!isAbstractType(abstract)) return 1;
  // A subgraph that has the interface as an object does not know its types.
  if ([...from].some((name) => subgraphSchemas.get(name)?.type(type)?.kind === 'ObjectType')) return 1;
  return Math.max(1, supergraphSchema.getPossibleTypes(abstract).length);
}

interface Owners {
  /** The subgraphs that can resolve a field. None of a field of introspection. */
  readonly subgraphs: Subgraphs;
  /** Whether one of them needs other fields for it, which are another's. */
  readonly required: boolean;
}

const known = new WeakMap<PlanSchemas['subgraphSchemas'], Map<string, Owners>>();

function ownersOf(schemas: PlanSchemas, type: string, field: string): Owners {
  let ofSchemas = known.get(schemas.subgraphSchemas);
  if (ofSchemas === undefined) known.set(schemas.subgraphSchemas, (ofSchemas = new Map<string, Owners>()));
  const coordinate = `${type}.${field}`;
  let owners = ofSchemas.get(coordinate);
  if (owners === undefined) ofSchemas.set(coordinate, (owners = findOwners(schemas, type, field)));
  return owners;
}

function findOwners(schemas: PlanSchemas, type: string, field: string): Owners {
  const subgraphs = new Set<string>();
  let required = false;
  for (const [name, schema] of schemas.subgraphSchemas) {
    const holder = schema.type(type);
    if (holder === undefined || !(isObjectType(holder) || isInterfaceType(holder))) continue;
    const definition = holder.field(field);
    if (definition === undefined || federationMetadata(schema)?.isFieldExternal(definition) === true)
      continue;
    subgraphs.add(name);
    required ||=
      definition.hasAppliedDirective('requires') || definition.hasAppliedDirective('federation__requires');
  }
  const apiType = schemas.supergraphSchema.getType(type);
  // What a subgraph adds to an interface, it has of an object of the interface's name.
  if (subgraphs.size === 0 && isObject(apiType)) {
    for (const { name } of apiType.getInterfaces()) {
      const added = ownersOf(schemas, name, field);
      for (const subgraph of added.subgraphs) subgraphs.add(subgraph);
      required ||= added.required;
    }
  }
  return { subgraphs, required };
}
