/** A value as JSON has it. */
export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject | undefined;
/** An object as JSON has it, filled step by step as fetches come in. */
export interface JsonObject {
  [key: string]: JsonValue;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads an own key, so that a response key named `constructor` or `__proto__` is data like any other. */
export function getOwn(object: JsonObject, key: string): JsonValue {
  const value = object[key];
  // To ask whether a key is an own one costs more than to read it. What objects inherit is functions, which no JSON holds, and `__proto__`.
  if (typeof value !== 'function' && key !== '__proto__') return value;
  return Object.hasOwn(object, key) ? value : undefined;
}

/** Writes an own key. Plain assignment to `__proto__` would change the object's prototype instead. */
export function setOwn(object: JsonObject, key: string, value: JsonValue): void {
  if (key === '__proto__') {
    Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
  } else {
    object[key] = value;
  }
}

/**
 * Adds what a fetch brought to what is there, deeply. Containers are copied, because one representation's answer may go to several
 * places of the response that later fetches fill differently. What comes later replaces what was there, null included: an alias of the
 * operation's may be called like a field of the entity's key.
 */
export function mergeInto(target: JsonObject, source: JsonObject): void {
  for (const key of Object.keys(source)) {
    setOwn(target, key, merged(getOwn(target, key), source[key]));
  }
}

function merged(existing: JsonValue, incoming: JsonValue): JsonValue {
  if (incoming === undefined) return existing;
  if (incoming === null) return null;
  if (Array.isArray(incoming)) {
    const before = Array.isArray(existing) && existing.length === incoming.length ? existing : [];
    return incoming.map((item, index) => merged(before[index], item));
  }
  if (typeof incoming === 'object') {
    const into = isJsonObject(existing) ? existing : {};
    mergeInto(into, incoming);
    return into;
  }
  return incoming;
}
