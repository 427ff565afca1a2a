import type { FetchNode } from '@apollo/query-planner';
import { getOwn, isJsonObject, mergeInto, type JsonValue } from '../json.ts';
import type { SubgraphRequest } from '../subgraph/subgraph-client.ts';
import { subgraphError } from '../subgraph/subgraph-error.ts';
import { leftOutBy, type SubgraphResult } from '../subgraph/subgraph-result.ts';
import { subrequestError, SubrequestFailure } from '../subgraph/subrequest-failure.ts';
import { entityBatches, type EntityBatch } from './entity-batch.ts';
import type { PlanRun } from './plan-run.ts';
import { providedKeys } from './provided-keys.ts';
import { mergeEntity, rewriteEntity } from './rewrite-entity.ts';
import { applyRewrites } from './rewrites.ts';
import type { Target } from './target.ts';
import { tellErrors } from './tell-errors.ts';

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
