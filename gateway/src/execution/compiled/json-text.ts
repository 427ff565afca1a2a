/** A string as JSON text. @param plain that it needs no escaping is known; see `CompiledRun.plain`. */
export function stringText(value: string, plain: boolean): string {
  return plain ? `"${value}"` : JSON.stringify(value);
}

/** Reads a key. Only keys that every object inherits need the slow way: `constructor` is data like any other. */
export function keyReader(key: string): (object: Readonly<Record<string, unknown>>) => unknown {
  return key in Object.prototype
    ? (object) => (Object.hasOwn(object, key) ? object[key] : undefined)
    : (object) => object[key];
}
