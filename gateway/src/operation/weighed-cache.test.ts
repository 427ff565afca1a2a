import { parse } from 'graphql';
import { documentBytes, weighedCache } from './weighed-cache.ts';

describe('a cache of what operations leave behind', () => {
  it('keeps as many entries as fit by their weight', () => {
    const cache = weighedCache<{ bytes: number }>(1_600, ({ bytes }) => bytes);
    for (let index = 0; index < 40; index++) cache.set(`light ${index}`, { bytes: 50 });
    const light = Array.from({ length: 40 }, (_, index) => cache.get(`light ${index}`)).filter(Boolean);
    for (let index = 0; index < 40; index++) cache.set(`heavy ${index}`, { bytes: 100 });
    const heavy = Array.from({ length: 40 }, (_, index) => cache.get(`heavy ${index}`)).filter(Boolean);

    expect([light.length, heavy.length]).toEqual([32, 16]);
  });

  it('keeps nothing that takes more than half of it', () => {
    const cache = weighedCache<{ bytes: number }>(1_600, ({ bytes }) => bytes);
    cache.set('a', { bytes: 801 });
    cache.set('b', { bytes: 800 });

    expect([cache.get('a'), cache.get('b')]).toEqual([undefined, { bytes: 800 }]);
  });

  it('keeps nothing for longer than it is told, however often it is used', () => {
    let now = 1;
    const cache = weighedCache<object>(100, () => 1, { maxMs: 1_000, now: () => now });
    cache.set('a', {});
    now = 1_000;
    expect(cache.get('a')).toBeDefined();

    now = 1_002;
    expect(cache.get('a')).toBeUndefined();
  });

  it('weighs a document by its length', () => {
    const bytesOf = (source: string): number => documentBytes(parse(source));

    expect(bytesOf(`{ me { name } } #${' '.repeat(10_000)}`)).toBeGreaterThan(1_000_000);
    expect(bytesOf('{ me { name } }')).toBeLessThan(10_000);
  });
});
