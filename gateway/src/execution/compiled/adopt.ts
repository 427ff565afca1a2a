import { getOwn, isJsonObject, setOwn, type JsonObject, type JsonValue } from '../../json.ts';

/**
 * Like `mergeInto`, but containers of the source become part of the target instead of being copied: for the last place that a source goes to.
 */
export function adopt(target: JsonObject, source: JsonObject): void {
  for (const key of Object.keys(source)) setOwn(target, key, joined(getOwn(target, key), source[key]));
}

function joined(existing: JsonValue, incoming: JsonValue): JsonValue {
  if (typeof existing !== 'object' || existing === null) return incoming;
  if (Array.isArray(incoming)) {
    const sameLength = Array.isArray(existing) && existing.length === incoming.length;
    return sameLength ? incoming.map((item, index) => joined(existing[index], item)) : incoming;
  }
  if (!isJsonObject(incoming) || Array.isArray(existing)) return incoming;
  adopt(existing, incoming);
  return existing;
}

/**
 * Like {@link adopt} for a source that goes to several places, all of which then have the same containers. Where the target has a container too,
 * it gets a new one that holds both, so that no other place sees the target's.
 */
export function adoptShared(target: JsonObject, source: JsonObject): void {
  for (const key of Object.keys(source)) {
    setOwn(target, key, joinedAnew(getOwn(target, key), source[key]));
  }
}

function joinedAnew(existing: JsonValue, incoming: JsonValue): JsonValue {
  if (typeof existing !== 'object' || existing === null) return incoming;
  if (Array.isArray(incoming)) {
    const sameLength = Array.isArray(existing) && existing.length === incoming.length;
    return sameLength ? incoming.map((item, index) => joinedAnew(existing[index], item)) : incoming;
  }
  if (!isJsonObject(incoming) || Array.isArray(existing)) return incoming;
  const both: JsonObject = { ...existing };
  adoptShared(both, incoming);
  return both;
}
