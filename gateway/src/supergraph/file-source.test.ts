import { writeFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitUntil } from '../testing/wait-until.ts';
import { supergraphFile } from './file-source.ts';

describe('a supergraph in a file', () => {
  let folder: string;
  let file: string;
  const seen: string[] = [];
  let watching: { stop(): Promise<void> };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'trellis-file-'));
    file = join(folder, 'supergraph.graphql');
    await writeFile(file, 'first');
    seen.length = 0;
  });
  afterEach(async () => {
    await watching.stop();
    await rm(folder, { recursive: true });
  });
  const watch = (source: ReturnType<typeof supergraphFile>): void => {
    watching = source.watch(
      (supergraphSdl) => seen.push(supergraphSdl),
      () => {},
    );
  };

  it('is told of when it changed after it was loaded and before it was watched', async () => {
    const source = supergraphFile(file);
    await source.load();
    await writeFile(file, 'second');
    watch(source);

    await waitUntil(() => seen.includes('second'));
  });

  it('is read although its folder never comes to rest', async () => {
    const source = supergraphFile(file);
    watch(source);
    await waitUntil(() => seen.includes('first'));
    const neighbour = join(folder, 'neighbour.log');
    let line = 0;
    // Each line comes long before the folder has been quiet for as long as a file is given to be written.
    const busy = setInterval(() => writeFileSync(neighbour, `${++line}`), 5);
    try {
      await writeFile(file, 'second');

      await waitUntil(() => seen.includes('second'));
    } finally {
      clearInterval(busy);
    }
  });

  it('is read again each time that it changes', async () => {
    const source = supergraphFile(file);
    watch(source);
    for (const text of ['second', 'third']) {
      await writeFile(file, text);
      await waitUntil(() => seen.includes(text));
    }

    expect(seen.at(-1)).toBe('third');
  });
});
