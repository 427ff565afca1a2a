import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { librarySubgraphs } from '../testing/library-graph.ts';
import { supergraphFile } from './file-source.ts';
import { buildGeneration, SupergraphRefusedError } from './generation.ts';

describe('what is given as a supergraph', () => {
  it.each([
    ['nothing', ' \n', 'it is empty'],
    ['a page', '<!DOCTYPE html><html></html>', 'it is a page of HTML or XML'],
    ['JSON', '{"data":{}}', 'it is JSON'],
    ['half a schema', 'type Query {\n  x: Int\n', 'Expected Name, found <EOF>. Line 3, column 1.'],
    [
      'the schema of a subgraph',
      librarySubgraphs[0].typeDefs,
      'it is the schema of a subgraph or of an API: compose',
    ],
  ])('is refused with its name when it is %s', (_what, sdl, told) => {
    const build = () => buildGeneration(sdl, { subgraphUrls: {} });

    expect(build).toThrow(SupergraphRefusedError);
    expect(build).toThrow(told);
  });

  it('is refused in one line, however many its libraries take', () => {
    const build = () =>
      buildGeneration('enum join__Graph { A } type Query @nope { x: Int @nope }', { subgraphUrls: {} });

    expect(build).toThrow(/^the supergraph cannot be served: .+$/);
  });

  it('is told from a folder, and from what is not there', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'trellis-parse-'));
    await mkdir(join(folder, 'sub'));
    const loaded = (name: string) => supergraphFile(join(folder, name)).load();

    await expect(loaded('sub')).rejects.toThrow('cannot be read (it is a folder)');
    await expect(loaded('nowhere')).rejects.toThrow('cannot be read (there is no such file)');
    await rm(folder, { recursive: true });
  });
});
