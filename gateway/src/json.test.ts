import { getOwn, mergeInto, setOwn, type JsonObject } from './json.ts';

const merged = (target: JsonObject, ...sources: JsonObject[]): JsonObject => {
  for (const source of sources) mergeInto(target, source);
  return target;
};

describe('mergeInto', () => {
  it('adds fields to objects, at any depth and in lists', () => {
    expect(
      merged({ a: { b: 1 }, list: [{ x: 1 }, null] }, { a: { c: 2 }, list: [{ y: 2 }, { y: 3 }] }),
    ).toEqual({
      a: { b: 1, c: 2 },
      list: [{ x: 1, y: 2 }, { y: 3 }],
    });
  });

  it('lets a later null replace data, which an alias may have been mistaken for', () => {
    expect(merged({ a: { b: 1 }, d: 1 }, { a: null, c: null })).toEqual({ a: null, c: null, d: 1 });
  });

  it('replaces scalars, and lists of another length', () => {
    expect(merged({ a: 1, list: [1, 2] }, { a: 2, list: [3] })).toEqual({ a: 2, list: [3] });
  });

  it('shares nothing with what it was given, which may go to several places', () => {
    const source = { a: { b: [{ c: 1 }] } };
    const first = merged({}, source);
    const second = merged({}, source);

    merged(first, { a: { b: [{ d: 1 }] } });

    expect(second).toEqual({ a: { b: [{ c: 1 }] } });
    expect(source).toEqual({ a: { b: [{ c: 1 }] } });
  });

  it('takes a key named __proto__ for data', () => {
    const result = merged({}, JSON.parse('{"__proto__": {"polluted": true}, "x": 1}') as JsonObject);

    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(getOwn(result, '__proto__')).toEqual({ polluted: true });
    expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
  });
});

describe('getOwn and setOwn', () => {
  it('know nothing of what objects inherit', () => {
    const object: JsonObject = {};
    expect(getOwn(object, 'constructor')).toBeUndefined();

    setOwn(object, 'constructor', 1);
    setOwn(object, '__proto__', 2);

    expect(JSON.stringify(object)).toBe('{"constructor":1,"__proto__":2}');
  });
});
