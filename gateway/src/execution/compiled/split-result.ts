import type { GraphQLFormattedError } from 'graphql';
import { getOwn, isJsonObject, setOwn, type JsonObject } from '../../json.ts';
import type { SubgraphResult } from '../../subgraph/subgraph-result.ts';
import type { MergedPart } from '../schedule/merge-operations.ts';

/** What a merged request brought for one of its fetches. */
export type PartAnswer =
  /** What the fetch's own operation would have been answered. */
  | { readonly kind: 'result'; readonly result: SubgraphResult }
  /** Another fetch's error made the whole data null (GraphQL specification, section 6.4.4). Alone, this one may be answered. */
  | { readonly kind: 'lost' };

/**
 * Gives each fetch of a merged request its part of the answer, with the keys and error paths of its own operation. Errors without a place, or with
 * one that is no fetch's, are every fetch's: alone, each would have met them.
 * @param asking the indexes of the parts that asked for something.
 */
export function splitResult(
  { data, errors }: SubgraphResult,
  parts: readonly MergedPart[],
  asking: readonly number[],
): ReadonlyMap<number, PartAnswer> {
  const keys = new Map<string, number>();
  let root: number | undefined;
  for (const [index, part] of parts.entries()) {
    if (part.kind === 'entities') keys.set(part.key, index);
    else root = index;
  }
  const owners = errors.map((error) => ownerOf(error, keys, root));
  const isLost = !isJsonObject(data) && owners.every((owner) => owner !== undefined);
  const answers = new Map<number, PartAnswer>();
  for (const index of asking) {
    const part = parts[index]!;
    const own = errors.filter((_, error) => owners[error] === undefined || owners[error] === index);
    if (isLost && own.length === 0) {
      answers.set(index, { kind: 'lost' });
      continue;
    }
    const result =
      part.kind === 'root'
        ? { data: isJsonObject(data) ? without(data, keys) : data, errors: own }
        : {
            data: isJsonObject(data) ? { _entities: getOwn(data, part.key) } : data,
            errors: own.map((error) => inOwnOperation(error, part.key)),
          };
    answers.set(index, { kind: 'result', result });
  }
  return answers;
}

/** @returns undefined for an error that concerns the request as a whole. */
function ownerOf(
  { path }: GraphQLFormattedError,
  keys: ReadonlyMap<string, number>,
  root: number | undefined,
): number | undefined {
  const first = path?.[0];
  return typeof first === 'string' ? (keys.get(first) ?? root) : undefined;
}

function inOwnOperation({ path, ...error }: GraphQLFormattedError, key: string): GraphQLFormattedError {
  return path?.[0] === key ? { ...error, path: ['_entities', ...path.slice(1)] } : error;
}

function without(data: JsonObject, keys: ReadonlyMap<string, number>): JsonObject {
  const rest: JsonObject = {};
  for (const key of Object.keys(data)) if (!keys.has(key)) setOwn(rest, key, data[key]);
  return rest;
}
