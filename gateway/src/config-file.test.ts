import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateSigningKey } from '@trellis/auth';
import { commandOptions } from './command-options.ts';
import { loadConfig } from './config-file.ts';

describe('a configuration file', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'trellis-config-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  let files = 0;
  /** Writes a file that exports something. */
  async function fileOf(source: string): Promise<string> {
    const path = join(folder, `config-${++files}.mjs`);
    await writeFile(path, source);
    return path;
  }

  it('says any option, with functions and rules that a variable could not hold', async () => {
    const config = await loadConfig(
      await fileOf(`export default {
        port: 4100,
        headers: { request: [{ insert: 'x-stage', value: 'blue' }] },
        supergraph: { load: async () => 'sdl', watch: () => ({ stop: async () => {} }) },
        maxRequestBytes: 2048,
      };`),
    );
    const options = commandOptions({}, config);

    expect(options).toMatchObject({ port: 4100, maxRequestBytes: 2048, headers: config.headers });
    expect(await options.supergraph.load({} as never)).toBe('sdl');
  });

  it('gives way to variables that are set, and not to their defaults', async () => {
    const config = await loadConfig(
      await fileOf('export default { port: 4100, host: "0.0.0.0", mergeFetches: false };'),
    );

    expect(commandOptions({ GATEWAY_PORT: '4200' }, config)).toMatchObject({
      port: 4200,
      host: '0.0.0.0',
      mergeFetches: false,
    });
  });

  it('may name the supergraph’s file, which lies beside it wherever the gateway is started', async () => {
    await writeFile(join(folder, 'supergraph.graphql'), 'the sdl');
    const config = await loadConfig(await fileOf("export default { supergraph: './supergraph.graphql' };"));

    expect(await commandOptions({}, config).supergraph.load({} as never)).toBe('the sdl');
  });

  it.each([
    ['says something that is no option', 'export default { prot: 4100 };', 'Unrecognized key: "prot"'],
    ['has a value of the wrong type', 'export default { forwardHeaders: "authorization" };', '✖'],
    ['exports nothing', 'export const port = 1;', 'expected object, received undefined'],
    ['throws', 'throw new Error("no such secret");', 'fails to load: no such secret'],
  ])('is refused when it %s', async (_what, source, told) => {
    await expect(loadConfig(await fileOf(source))).rejects.toThrow(told);
  });

  it('is refused when it is not there', async () => {
    await expect(loadConfig(join(folder, 'nowhere.mjs'))).rejects.toThrow('is not there');
  });
});

describe('what production asks for', () => {
  const production = { NODE_ENV: 'production' };
  const tokens = { jwksUrls: ['https://issuer.example/jwks'], issuer: 'i', audience: 'a' };
  const signingKey = generateSigningKey();

  it('may be in the configuration file: the signing key, and what tokens are checked by', () => {
    expect(commandOptions(production, { signingKey, tokens })).toMatchObject({ signingKey, tokens });
  });

  it('may be half in the environment, half in the file', () => {
    const environment = { ...production, GATEWAY_TOKEN_AUDIENCE: 'b' };

    expect(commandOptions(environment, { signingKey, tokens })).toMatchObject({
      tokens: { ...tokens, audience: 'b' },
    });
  });

  it('is asked for all the same when neither has it', () => {
    expect(() => commandOptions(production, { tokens })).toThrow('GATEWAY_SIGNING_KEY is required');
    expect(() => commandOptions({ ...production, GATEWAY_TOKEN_ISSUER: 'i' }, { signingKey })).toThrow(
      'GATEWAY_JWKS_URL and GATEWAY_TOKEN_AUDIENCE must be set too',
    );
  });
});
