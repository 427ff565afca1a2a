import type { FetchNode } from '@apollo/query-planner';
import { isAbstractType, isObjectType, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import type { SubgraphRequest } from '../subgraph/subgraph-client.ts';
import { subgraphError } from '../subgraph/subgraph-error.ts';
import { leftOutBy, leftOutErrors, maxErrors, type SubgraphResult } from '../subgraph/subgraph-result.ts';
import { subrequestError, SubrequestFailure } from '../subgraph/subrequest-failure.ts';
import { entityBatches, type EntityBatch } from './entity-batch.ts';
import { getOwn, isJsonObject, mergeInto, type JsonObject, type JsonValue } from '../json.ts';
import { isPathInFetch } from './path-in-fetch.ts';
import type { PlanRun } from './plan-run.ts';
import { providedKeys, renamedKeys } from './provided-keys.ts';
import { applyRewrites } from './rewrites.ts';
import type { ConcretePath, Target } from './target.ts';

/** Fetches from one subgraph and merges what it answers into the targets. */
export async function executeFetch(run: PlanRun, node: FetchNode, targets: readonly Target[]): Promise<void> {
  if (targets.length === 0) return;
  if (node.requires === undefined) {
    const result = await send(run, node, targets, {});
    if (result !== undefined) mergeRootResult(run, node, targets, result);
    return;
  }
  await Promise.all(entityBatches(run, node, targets).map((batch) => fetchEntities(run, node, batch)));
}

/** Merges the answer to an operation of root fields. */
export function mergeRootResult(
  run: PlanRun,
  node: FetchNode,
  targets: readonly Target[],
  { data, errors }: SubgraphResult,
): void {
  if (isJsonObject(data)) {
    applyRewrites(run.generation.supergraphSchema, node.outputRewrites, data);
    for (const { object } of targets) mergeInto(object, data);
  }
  const places = targets.map((target) => ({ target, brought: isJsonObject(data) }));
  tellErrors(run, node, errors, places, ({ path = [] }) =>
    path.length === 0 ? undefined : { places, inside: path },
  );
}

async function fetchEntities(run: PlanRun, node: FetchNode, batch: EntityBatch): Promise<void> {
  const { representations, owners, contextValues } = batch;
  const result = await send(run, node, owners.flat(), { ...contextValues, representations });
  if (result !== undefined) mergeEntityResult(run, node, batch, result);
}

/** Merges the answer to an operation of entities. */
export function mergeEntityResult(
  run: PlanRun,
  node: FetchNode,
  { representations, owners }: Pick<EntityBatch, 'representations' | 'owners'>,
  result: SubgraphResult,
): void {
  const targets = owners.flat();
  const entities = isJsonObject(result.data) ? result.data['_entities'] : undefined;
  const answers =
    Array.isArray(entities) && entities.length === representations.length ? entities : undefined;
  if (result.errors.length > 0) {
    const places = owners.map((own, index) =>
      own.map((target) => ({ target, brought: isJsonObject(answers?.[index]) })),
    );
    tellErrors(run, node, result.errors, places.flat(), ({ path: [, index, ...inside] = [] }) => {
      const own = typeof index === 'number' ? places[index] : undefined;
      return own && { places: own, inside };
    });
  }
  if (answers === undefined) {
    // An error that has a place at one entity is why the others are absent too.
    const told = Array.isArray(entities) ? undefined : result.errors.find((error) => !leftOutBy(error));
    if (told !== undefined) {
      const cause = subgraphError(told, node.serviceName, undefined);
      for (const target of targets) run.failures.recordReported(target, providedKeys(node), cause);
    } else recordInvalid(run, node, targets, malformedEntities());
  }
  answers?.forEach((entity, index) => {
    if (!isJsonObject(entity)) {
      // The subgraph does not know it, its error has been told above, or it is nonsense.
      if (entity !== null) recordInvalid(run, node, owners[index]!, malformedEntities());
      return;
    }
    const rewritten = rewriteEntity(run.generation.supergraphSchema, node, entity, () =>
      getOwn(representations[index] ?? {}, '__typename'),
    );
    for (const { object } of owners[index]!) mergeEntity(object, rewritten, mergeInto);
  });
}

/** The failure of an answer that is not an object, or null, for each representation. */
export function malformedEntities(): SubrequestFailure {
  return new SubrequestFailure('SUBREQUEST_MALFORMED_RESPONSE', 'not one entity for each representation');
}

/** Blames fields on a failure, unless an error of the same response is known to be why they are absent. */
function recordInvalid(
  run: PlanRun,
  node: FetchNode,
  targets: readonly Target[],
  failure: SubrequestFailure,
): void {
  const keys = providedKeys(node);
  const unexplained = targets.filter(({ object }) => !run.failures.explains(object, keys));
  if (unexplained.length > 0)
    run.failures.record(unexplained, keys, subrequestError(failure, node.serviceName));
}

/** An entity as a subgraph gave it, made ready to be merged. */
export interface RewrittenEntity {
  readonly entity: JsonObject;
  /**
   * The name of an interface that the subgraph takes for the entity's type. It has been taken out of the entity: an object that knows what it really
   * is keeps that.
   */
  readonly interfaceName: JsonValue;
}

/**
 * Applies a node's output rewrites to an entity, in place.
 * @param represented the type that the entity was represented with; output rewrites are conditional on the type, which the subgraph is not always
 * asked for.
 */
export function rewriteEntity(
  schema: GraphQLSchema,
  node: FetchNode,
  entity: JsonObject,
  represented: () => JsonValue,
): RewrittenEntity {
  if (node.outputRewrites !== undefined) {
    const asked = entity['__typename'] !== undefined;
    if (!asked) entity['__typename'] = represented();
    applyRewrites(schema, node.outputRewrites, entity);
    if (!asked) delete entity['__typename'];
  }
  const typename = getOwn(entity, '__typename');
  if (typeof typename !== 'string') return { entity, interfaceName: undefined };
  const type = schema.getType(typename);
  if (isObjectType(type)) return { entity, interfaceName: undefined };
  // A type that nobody has would take the object away from all who are asked for its fields after this, without a word.
  delete entity['__typename'];
  return { entity, interfaceName: isAbstractType(type) ? typename : undefined };
}

/** Merges an entity into one of the objects that stand for it. */
export function mergeEntity(
  object: JsonObject,
  { entity, interfaceName }: RewrittenEntity,
  merge: (target: JsonObject, source: JsonObject) => void,
): void {
  merge(object, entity);
  if (interfaceName !== undefined && getOwn(object, '__typename') === undefined)
    object['__typename'] = interfaceName;
}

/** @returns undefined when the request failed; that is written to the run. */
async function send(
  run: PlanRun,
  node: FetchNode,
  targets: readonly Target[],
  extraVariables: Readonly<Record<string, JsonValue>>,
): Promise<SubgraphResult | undefined> {
  try {
    return await run.client.send(subgraphRequest(run, node, extraVariables));
  } catch (error) {
    run.signal.throwIfAborted();
    if (!(error instanceof SubrequestFailure)) throw error;
    run.failures.record(targets, providedKeys(node), subrequestError(error, node.serviceName));
    return undefined;
  }
}

/** The request that a fetch node stands for. */
export function subgraphRequest(
  run: Pick<PlanRun, 'generation' | 'variables' | 'context' | 'signal' | 'deadlineAt'>,
  node: FetchNode,
  extraVariables: Readonly<Record<string, JsonValue>> = {},
): SubgraphRequest {
  const subgraph = run.generation.subgraphs.get(node.serviceName);
  if (subgraph === undefined)
    throw new Error(`the plan names a subgraph ${node.serviceName} that is not there`);
  // Without a prototype, which a variable named `__proto__` would be taken for.
  const variables = Object.create(null) as Record<string, unknown>;
  for (const name of node.variableUsages ?? []) {
    if (Object.hasOwn(run.variables, name)) variables[name] = run.variables[name];
  }
  return {
    subgraph,
    query: node.operation,
    operationName: node.operationName,
    variables: { ...variables, ...extraVariables },
    context: run.context,
    signal: run.signal,
    deadlineAt: run.deadlineAt,
    repeatable: node.operationKind === 'query',
  };
}

/** A target of a fetch. */
interface Place {
  readonly target: Target;
  /** Whether it got anything: if not, an error of the response is why all of the fetch's fields are absent from it. */
  readonly brought: boolean;
}

/**
 * Tells the errors of one response: at their places, of which an error of an entity has as many as there are objects that it stands for, or, when they
 * have none, at all that is absent. What is more than `maxErrors` is summed up in one.
 * @param locate where an error belongs; undefined for one that concerns the fetch as a whole.
 */
function tellErrors(
  run: PlanRun,
  node: FetchNode,
  errors: readonly GraphQLFormattedError[],
  places: readonly Place[],
  locate: (
    error: GraphQLFormattedError,
  ) => { readonly places: readonly Place[]; readonly inside: ConcretePath } | undefined,
): void {
  const recordFor = (affected: readonly Place[], error: GraphQLFormattedError): void =>
    run.failures.record(
      affected.map(({ target }) => target),
      providedKeys(node),
      subgraphError(error, node.serviceName, undefined),
    );
  let told = 0;
  let leftOut = 0;
  let isBlamed = false;
  for (const error of errors) {
    const left = leftOutBy(error);
    if (left !== undefined) {
      leftOut += left;
      continue;
    }
    const located = isPathInFetch(node, error.path ?? []) ? locate(error) : undefined;
    if (located === undefined) {
      // The first is what absent fields are blamed on.
      recordFor(isBlamed ? [] : places, error);
      isBlamed = true;
      continue;
    }
    const here = located.places.slice(0, maxErrors - told);
    for (const { target, brought } of here) reportAt(run, node, target, error, located.inside, brought);
    told += here.length;
    leftOut += located.places.length - here.length;
  }
  if (leftOut === 0) return;
  recordFor(
    places.filter(({ brought }) => !brought),
    leftOutErrors(leftOut),
  );
}

/** Reports an error that has its place within what was fetched for a target. @param brought see {@link Place}. */
function reportAt(
  run: PlanRun,
  node: FetchNode,
  target: Target,
  error: GraphQLFormattedError,
  inside: ConcretePath,
  brought: boolean,
): void {
  const renamed = renamedKeys(node);
  const { byName } = run.generation.repairs.standIns;
  // A field that was fetched for another one's sake is told by its own name: nobody outside knows what stands for it in plans.
  const own = inside.map((step) =>
    typeof step === 'string' ? (byName.get(step)?.name ?? renamed.get(step) ?? step) : step,
  );
  const placed = subgraphError(error, node.serviceName, [...target.path, ...own]);
  run.errors.push(placed);
  if (!brought) run.failures.recordReported(target, providedKeys(node), placed);
}
