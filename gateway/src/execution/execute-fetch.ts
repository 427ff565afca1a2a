import type { FetchNode } from '@apollo/query-planner';
import { isAbstractType, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import type { SubgraphRequest } from '../subgraph/subgraph-client.ts';
import { subgraphError } from '../subgraph/subgraph-error.ts';
import type { SubgraphResult } from '../subgraph/subgraph-result.ts';
import { subrequestError, SubrequestFailure } from '../subgraph/subrequest-failure.ts';
import { entityBatches, type EntityBatch } from './entity-batch.ts';
import { getOwn, isJsonObject, mergeInto, type JsonObject, type JsonValue } from '../json.ts';
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
  for (const error of errors) {
    if (error.path === undefined || error.path.length === 0) recordForAll(run, node, targets, error);
    else for (const target of targets) reportAt(run, node, target, error, error.path, isJsonObject(data));
  }
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
  for (const error of result.errors) {
    const [, index, ...inside] = error.path ?? [];
    const places = typeof index === 'number' ? owners[index] : undefined;
    if (places === undefined) recordForAll(run, node, targets, error);
    else
      for (const place of places)
        reportAt(run, node, place, error, inside, isJsonObject(answers?.[Number(index)]));
  }
  if (answers === undefined && result.errors.length === 0) {
    const failure = new SubrequestFailure(
      'SUBREQUEST_MALFORMED_RESPONSE',
      'not one entity for each representation',
    );
    run.failures.record(targets, providedKeys(node), subrequestError(failure, node.serviceName));
  }
  answers?.forEach((entity, index) => {
    if (!isJsonObject(entity)) return; // the subgraph does not know it, or its error has been told above
    const rewritten = rewriteEntity(run.generation.supergraphSchema, node, entity, () =>
      getOwn(representations[index] ?? {}, '__typename'),
    );
    for (const { object } of owners[index]!) mergeEntity(object, rewritten, mergeInto);
  });
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
  if (typeof typename !== 'string' || !isAbstractType(schema.getType(typename)))
    return { entity, interfaceName: undefined };
  delete entity['__typename'];
  return { entity, interfaceName: typename };
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

/** Records an error that concerns a fetch as a whole for all of its targets. */
function recordForAll(
  run: PlanRun,
  node: FetchNode,
  targets: readonly Target[],
  error: GraphQLFormattedError,
): void {
  run.failures.record(targets, providedKeys(node), subgraphError(error, node.serviceName, undefined));
}

/**
 * Reports an error that has its place within what was fetched for a target.
 * @param brought whether the target got anything: if not, this error is why all of the fetch's fields are absent from it.
 */
function reportAt(
  run: PlanRun,
  node: FetchNode,
  target: Target,
  error: GraphQLFormattedError,
  inside: ConcretePath,
  brought: boolean,
): void {
  const renamed = renamedKeys(node);
  const own = inside.map((step) => (typeof step === 'string' ? (renamed.get(step) ?? step) : step));
  const placed = subgraphError(error, node.serviceName, [...target.path, ...own]);
  run.errors.push(placed);
  if (!brought) run.failures.recordReported(target, providedKeys(node), placed);
}
