import type { FetchNode } from '@apollo/query-planner';
import { causeOfAbsence } from './cause-of-absence.ts';
import { contextArguments } from './context-arguments.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import type { PlanRun } from './plan-run.ts';
import { providedKeys } from './provided-keys.ts';
import { representationOf } from './representation.ts';
import { applyRewrites } from './rewrites.ts';
import type { Target } from './target.ts';

/** Entities that are asked for in one request: those with equal context arguments. */
export interface EntityBatch {
  readonly representations: JsonObject[];
  /** The targets that each representation stands for: equal entities are asked for once. */
  readonly owners: Target[][];
  readonly contextValues: Readonly<Record<string, JsonValue>>;
}

/** Makes the representations that an entity fetch sends; most often there is one batch. */
export function entityBatches(run: PlanRun, node: FetchNode, targets: readonly Target[]): EntityBatch[] {
  const schema = run.generation.supergraphSchema;
  const batches = new Map<string, { batch: EntityBatch; indexes: Map<string, number> }>();
  for (const target of targets) {
    const representation = representationOf(schema, target.object, node.requires ?? []);
    if (representation === undefined) {
      // It lacks a field that an earlier fetch should have brought: whatever made that fail is why this one cannot be made.
      const cause = causeOfAbsence(schema, run.failures, target.object, node.requires ?? []);
      if (cause !== undefined) run.failures.record([target], providedKeys(node), cause);
      continue;
    }
    applyRewrites(schema, node.inputRewrites, representation);
    const contextValues = contextArguments(schema, run.data, target, node.contextRewrites ?? []);
    const batchKey = JSON.stringify(contextValues);
    let entry = batches.get(batchKey);
    if (entry === undefined) {
      entry = { batch: { representations: [], owners: [], contextValues }, indexes: new Map() };
      batches.set(batchKey, entry);
    }
    const { batch, indexes } = entry;
    const key = JSON.stringify(representation);
    const index = indexes.get(key);
    if (index !== undefined) batch.owners[index]!.push(target);
    else {
      indexes.set(key, batch.representations.push(representation) - 1);
      batch.owners.push([target]);
    }
  }
  return [...batches.values()].map(({ batch }) => batch);
}
