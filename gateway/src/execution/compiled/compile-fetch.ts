import type { FetchNode, ResponsePath } from '@apollo/query-planner';
import { subrequestError, type SubrequestFailure } from '../../subgraph/subrequest-failure.ts';
import type { SubgraphResult } from '../../subgraph/subgraph-result.ts';
import type { Generation } from '../../supergraph/generation.ts';
import { causeOfAbsence } from '../cause-of-absence.ts';
import { malformedEntities, mergeEntityResult, mergeRootResult } from '../execute-fetch.ts';
import { getOwn, isJsonObject, mergeInto, type JsonObject, type JsonValue } from '../../json.ts';
import { providedKeys } from '../provided-keys.ts';
import { mergeEntity, rewriteEntity, type RewrittenEntity } from '../rewrite-entity.ts';
import type { ScheduledFetch } from '../schedule/schedule-plan.ts';
import { targetsAt, type Target } from '../target.ts';
import { adopt, adoptShared } from './adopt.ts';
import { collectTargets } from './collect-targets.ts';
import { compileRepresentation } from './compile-representation.ts';
import type { CompiledRun, WrittenText } from './compiled-run.ts';

/** Finds out what a fetch has to ask in a run. @param targets see `targetsOf`. @returns undefined when that is nothing. */
export type CompiledFetch = (run: CompiledRun, targets: readonly JsonObject[]) => Asked | undefined;

/** What a fetch asks in a run, and what becomes of the answer. */
export interface Asked {
  /** The entities, as the items of a JSON list; undefined for root fields. */
  readonly representations: string | undefined;
  merge(result: SubgraphResult): void;
  fail(failure: SubrequestFailure): void;
}

/** Compiles a fetch of root fields. @param paths where its targets are. */
export function compileRootFetch(node: FetchNode, paths: readonly ResponsePath[]): CompiledFetch {
  return (run, targets) => {
    if (targets.length === 0) return undefined;
    return {
      representations: undefined,
      merge(result) {
        const { data, errors } = result;
        if (errors.length > 0 || node.outputRewrites !== undefined || !isJsonObject(data)) {
          mergeRootResult(run, node, placesOf(run, paths)(targets), result);
          return;
        }
        const [first, ...others] = targets;
        for (const object of others) mergeInto(object, data);
        adopt(first!, data);
      },
      fail: (failure) => failAt(run, node, targets, failure),
    };
  };
}

/**
 * Compiles a fetch of entities.
 * @param mayShare whether objects that are represented alike may have the same containers; see `CompiledRun.shared`.
 */
export function compileEntityFetch(
  generation: Generation,
  { node, paths, repeats }: ScheduledFetch,
  mayShare: boolean,
): CompiledFetch {
  const schema = generation.supergraphSchema;
  const represent = compileRepresentation(schema, node);
  // At different paths, later fetches put different fields into a container.
  const shares = mayShare && paths.length === 1 && repeats === undefined;
  return (run, targets) => {
    if (targets.length === 0) return undefined;
    const known = repeats === undefined ? undefined : answersOf(run, repeats);
    const { texts, owners } = batch(run, node, targets, represent, known);
    if (texts.length === 0) return undefined;
    return {
      representations: texts.join(','),
      merge(result) {
        const entities = isJsonObject(result.data) ? getOwn(result.data, '_entities') : undefined;
        if (result.errors.length > 0 || !Array.isArray(entities) || entities.length !== texts.length) {
          const representations = texts.map((text) => JSON.parse(text) as JsonObject);
          mergeEntityResult(run, node, { representations, owners: owners.map(placesOf(run, paths)) }, result);
          return;
        }
        for (let index = 0; index < entities.length; index++) {
          const entity = entities[index];
          const places = owners[index]!;
          if (!isJsonObject(entity)) {
            // The subgraph does not know it, or answered nonsense.
            if (entity !== null) failAt(run, node, places, malformedEntities());
            continue;
          }
          const rewritten = rewriteEntity(schema, node, entity, () =>
            getOwn(JSON.parse(texts[index]!) as JsonObject, '__typename'),
          );
          if (known !== undefined) {
            known.set(texts[index]!, rewritten);
            for (const place of places) mergeEntity(place, rewritten, mergeInto);
          } else if (places.length === 1) mergeEntity(places[0]!, rewritten, shares ? adoptShared : adopt);
          else if (shares) {
            share(run, rewritten.entity);
            for (const place of places) mergeEntity(place, rewritten, adoptShared);
          } else for (const place of places) mergeEntity(place, rewritten, mergeInto);
        }
      },
      fail: (failure) => failAt(run, node, owners.flat(), failure),
    };
  };
}

/** The objects of the response that a fetch is for. */
export function targetsOf(run: CompiledRun, paths: readonly ResponsePath[]): readonly JsonObject[] {
  const [first, ...more] = paths;
  const targets = collectTargets(run, first!);
  for (const path of more) for (const target of collectTargets(run, path)) targets.push(target);
  return targets;
}

function answersOf(run: CompiledRun, asks: string): Map<string, RewrittenEntity> {
  const answered = (run.answered ??= new Map<string, Map<string, RewrittenEntity>>());
  let answers = answered.get(asks);
  if (answers === undefined) answered.set(asks, (answers = new Map<string, RewrittenEntity>()));
  return answers;
}

/** Notes the containers of an entity that will stand at several places. */
function share(run: CompiledRun, entity: JsonObject): void {
  const shared = (run.shared ??= new Map<JsonValue, WrittenText | undefined>());
  for (const key of Object.keys(entity)) {
    const value = entity[key];
    if (typeof value === 'object' && value !== null) shared.set(value, undefined);
  }
}

/**
 * The representations of some objects, each once, and the objects that each stands for.
 * @param known entities that were answered before; objects that they stand for get theirs here.
 */
function batch(
  run: CompiledRun,
  node: FetchNode,
  targets: readonly JsonObject[],
  represent: ReturnType<typeof compileRepresentation>,
  known: ReadonlyMap<string, RewrittenEntity> | undefined,
): { texts: string[]; owners: JsonObject[][] } {
  const texts: string[] = [];
  const owners: JsonObject[][] = [];
  // Made when it is needed: most often the key tells all entities apart.
  let byText: Map<string, number> | undefined;
  const byKey = new Map<unknown, number>();
  for (const object of targets) {
    const { write, likeness } = represent(object);
    const key = likeness?.keyOf(object);
    const alike = key === undefined ? undefined : byKey.get(key);
    if (alike !== undefined && likeness!.isSame(owners[alike]![0]!, object)) {
      owners[alike]!.push(object);
      continue;
    }
    const text = write(object, run.plain);
    if (text === undefined) {
      // It lacks a field that an earlier fetch should have brought: whatever made that fail is why this one cannot be made.
      const schema = run.generation.supergraphSchema;
      const cause = causeOfAbsence(schema, run.failures, object, node.requires ?? []);
      if (cause !== undefined) run.failures.record([unplaced(object)], providedKeys(node), cause);
      continue;
    }
    const entity = known?.get(text);
    if (entity !== undefined) {
      mergeEntity(object, entity, mergeInto);
      continue;
    }
    const isNew = alike === undefined && (typeof key === 'string' || typeof key === 'number');
    byText ??= isNew ? undefined : new Map(texts.map((written, at) => [written, at]));
    let index = isNew ? undefined : byText?.get(text);
    if (index !== undefined) owners[index]!.push(object);
    else {
      index = texts.push(text) - 1;
      owners.push([object]);
      byText?.set(text, index);
    }
    if (key !== undefined) byKey.set(key, index);
  }
  return { texts, owners };
}

function failAt(
  run: CompiledRun,
  node: FetchNode,
  objects: readonly JsonObject[],
  failure: SubrequestFailure,
): void {
  run.failures.record(objects.map(unplaced), providedKeys(node), subrequestError(failure, node.serviceName));
}

/** Failed fields go by objects and does not ask where they are. */
function unplaced(object: JsonObject): Target {
  return { object, path: [] };
}

/** Finds where in the response objects stand. Needed only when an error has to be told there; it goes through the data once, however many look up theirs. */
function placesOf(
  run: CompiledRun,
  paths: readonly ResponsePath[],
): (objects: readonly JsonObject[]) => Target[] {
  const places = new Map<JsonObject, Target[]>();
  const root = [{ object: run.data, path: [] }];
  for (const target of paths.flatMap((path) => targetsAt(root, path))) {
    const known = places.get(target.object);
    if (known === undefined) places.set(target.object, [target]);
    else known.push(target);
  }
  return (objects) => [...new Set(objects)].flatMap((object) => places.get(object) ?? []);
}
