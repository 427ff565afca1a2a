import type { FetchNode, ResponsePath } from '@apollo/query-planner';
import { subrequestError, SubrequestFailure } from '../../subgraph/subrequest-failure.ts';
import type { ReadResult, WrittenRequest } from '../../subgraph/subgraph-client.ts';
import type { Generation } from '../../supergraph/generation.ts';
import { mergeEntity, mergeEntityResult, mergeRootResult, rewriteEntity } from '../execute-fetch.ts';
import { getOwn, isJsonObject, mergeInto, type JsonObject } from '../json.ts';
import { providedKeys } from '../provided-keys.ts';
import { targetsAt, type Target } from '../target.ts';
import { adopt, adoptShared } from './adopt.ts';
import { compileRepresentation } from './compile-representation.ts';
import { compileRequest } from './compile-request.ts';
import type { CompiledRun, Step } from './compiled-run.ts';

/** Compiles a fetch of root fields. @param at where its targets are. */
export function compileRootFetch(generation: Generation, node: FetchNode, at: ResponsePath): Step {
  const makeRequest = compileRequest(generation, node);
  return async (run, targets) => {
    if (targets.length === 0) return;
    const result = await post(run, node, targets, makeRequest(run));
    if (result === undefined) return;
    const { data, errors } = result;
    if (errors.length === 0 && node.outputRewrites === undefined && isJsonObject(data)) {
      const [first, ...others] = targets;
      for (const object of others) mergeInto(object, data);
      adopt(first!, data);
    } else mergeRootResult(run, node, placesOf(run, at, targets), result);
  };
}

/**
 * Compiles a fetch of entities.
 * @param shares whether objects that are represented alike may have the same containers; see `CompiledRun.shared`.
 */
export function compileEntityFetch(
  generation: Generation,
  node: FetchNode,
  at: ResponsePath,
  shares: boolean,
): Step {
  const makeRequest = compileRequest(generation, node);
  const represent = compileRepresentation(generation.supergraphSchema, node);
  const keys = providedKeys(node);
  return async (run, targets) => {
    const { texts, owners } = batch(run, targets, represent, keys);
    if (texts.length === 0) return;
    const result = await post(run, node, owners.flat(), makeRequest(run, texts.join(',')));
    if (result === undefined) return;
    const entities = isJsonObject(result.data) ? getOwn(result.data, '_entities') : undefined;
    if (result.errors.length > 0 || !Array.isArray(entities) || entities.length !== texts.length) {
      const representations = texts.map((text) => JSON.parse(text) as JsonObject);
      const places = owners.map((objects) => placesOf(run, at, objects));
      mergeEntityResult(run, node, { representations, owners: places }, result);
      return;
    }
    for (let index = 0; index < entities.length; index++) {
      const entity = entities[index];
      if (!isJsonObject(entity)) continue; // the subgraph does not know it
      const rewritten = rewriteEntity(generation.supergraphSchema, node, entity, () =>
        getOwn(JSON.parse(texts[index]!) as JsonObject, '__typename'),
      );
      const places = owners[index]!;
      if (places.length === 1) mergeEntity(places[0]!, rewritten, shares ? adoptShared : adopt);
      else if (shares)
        share(run, rewritten.entity, () =>
          places.forEach((place) => mergeEntity(place, rewritten, adoptShared)),
        );
      else for (const place of places) mergeEntity(place, rewritten, mergeInto);
    }
  };
}

function share(run: CompiledRun, entity: JsonObject, merge: () => void): void {
  for (const key of Object.keys(entity)) {
    const value = entity[key];
    if (typeof value === 'object' && value !== null) run.shared.set(value, undefined);
  }
  merge();
}

/** The representations of some objects, each once, and the objects that each stands for. */
function batch(
  run: CompiledRun,
  targets: readonly JsonObject[],
  represent: ReturnType<typeof compileRepresentation>,
  keys: ReadonlySet<string>,
): { texts: string[]; owners: JsonObject[][] } {
  const texts: string[] = [];
  const owners: JsonObject[][] = [];
  const indexes = new Map<string, number>();
  for (const object of targets) {
    const text = represent(object, run.plain);
    if (text === undefined) {
      // It lacks a field that an earlier fetch should have brought: whatever made that fail is why this one cannot be made.
      const cause = run.failures.firstOf(object);
      if (cause !== undefined) run.failures.add([unplaced(object)], keys, cause);
      continue;
    }
    const index = indexes.get(text);
    if (index !== undefined) owners[index]!.push(object);
    else {
      indexes.set(text, texts.push(text) - 1);
      owners.push([object]);
    }
  }
  return { texts, owners };
}

/** @returns undefined when the request failed; that is written to the run. */
async function post(
  run: CompiledRun,
  node: FetchNode,
  objects: readonly JsonObject[],
  request: WrittenRequest,
): Promise<ReadResult | undefined> {
  try {
    const result = await run.client.post(request);
    if (result.escaped) run.plain = false;
    return result;
  } catch (error) {
    run.signal.throwIfAborted();
    if (!(error instanceof SubrequestFailure)) throw error;
    run.failures.add(objects.map(unplaced), providedKeys(node), subrequestError(error, node.serviceName));
    return undefined;
  }
}

/** The failure ledger goes by objects and does not ask where they are. */
function unplaced(object: JsonObject): Target {
  return { object, path: [] };
}

/** Where in the response objects stand: looked up only when an error has to be told there. */
function placesOf(run: CompiledRun, at: ResponsePath, objects: readonly JsonObject[]): Target[] {
  const wanted = new Set(objects);
  return targetsAt([{ object: run.data, path: [] }], at).filter(({ object }) => wanted.has(object));
}
