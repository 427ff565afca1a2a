import { createLibraryGeneration } from '../testing/library-generation.ts';
import { checkDocument } from './check-document.ts';
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

  it('keeps nothing that takes more than a sixteenth of it', () => {
    const cache = weighedCache<{ bytes: number }>(1_600, ({ bytes }) => bytes);
    cache.set('a', { bytes: 101 });

    expect(cache.get('a')).toBeUndefined();
  });

  it('weighs a document by its length', () => {
    const generation = createLibraryGeneration();
    const bytesOf = (source: string): number => documentBytes(checkDocument(generation, source));

    expect(bytesOf(`{ me { name } } #${' '.repeat(10_000)}`)).toBeGreaterThan(1_000_000);
    expect(bytesOf('{ me { name } }')).toBeLessThan(10_000);
  });
});
