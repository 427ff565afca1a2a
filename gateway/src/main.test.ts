import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportSigningKey, generateSigningKey } from '@trellis/auth';
import { compose } from './testing/compose.ts';
import { mediaSubgraph, peopleSubgraph } from './testing/library-graph.ts';
import { post } from './testing/start-library.ts';
import { startSubgraph } from './testing/start-subgraph.ts';
import { waitUntil } from './testing/wait-until.ts';

const main = new URL('./main.ts', import.meta.url).pathname;

describe('trellis-gateway', () => {
  let folder: string;
  let file: string;
  const supergraphSdl = compose(
    [peopleSubgraph, mediaSubgraph].map(({ name, typeDefs }) => ({
      name,
      typeDefs,
      url: `http://127.0.0.1:1/${name}`,
    })),
  );

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'trellis-main-'));
    file = join(folder, 'supergraph.graphql');
    await writeFile(file, supergraphSdl);
  });
  afterAll(() => rm(folder, { recursive: true }));

  function start(args: string[], env: Record<string, string> = {}) {
    const { PATH = '' } = process.env;
    const child: ChildProcessWithoutNullStreams = spawn(
      process.execPath,
      ['--conditions=@trellis/source', '--import', 'tsx', main, ...args],
      { env: { PATH, APOLLO_TELEMETRY_DISABLED: 'true', ...env } },
    );
    const output = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk) => (output.stdout += String(chunk)));
    child.stderr.on('data', (chunk) => (output.stderr += String(chunk)));
    const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, ...output }));
    return { child, output, ended };
  }
  const run = (args: string[], env?: Record<string, string>) => start(args, env).ended;

  it('serves until it is told to stop, and says when it has', async () => {
    const people = await startSubgraph(peopleSubgraph);
    const { child, output, ended } = start(['--supergraph', file, '--port', '0'], {
      GATEWAY_SUBGRAPH_URLS: `people=${people.url}`,
    });
    await waitUntil(() => output.stdout.includes('serves')).catch(() =>
      waitUntil(() => output.stdout.includes('serves')),
    );
    const url = /http:\/\/[\d.:]+/.exec(output.stdout)![0];

    expect((await post(url, { query: '{ me { name } }' })).body).toEqual({ data: { me: { name: 'Grace' } } });

    child.kill('SIGTERM');
    const { code, stderr } = await ended;
    expect(code).toBe(0);
    expect(stderr).toContain('"the gateway has stopped"');
    await people.stop();
  });

  it('says everything that is wrong with its settings at once', async () => {
    const { code, stderr } = await run(['--supergraph', file, '--port', 'x'], {
      NODE_ENV: 'production',
      GATEWAY_JWKS_URL: 'http://issuer.example/jwks',
      GATEWAY_SUPERGRAF: 'typo',
    });

    expect(code).toBe(1);
    expect(stderr).toContain('GATEWAY_PORT must be a port');
    expect(stderr).toContain('GATEWAY_SIGNING_KEY is required when NODE_ENV=production');
    expect(stderr).toContain('GATEWAY_SUPERGRAF is not a setting; did you mean GATEWAY_SUPERGRAPH?');
    expect(stderr).toContain('GATEWAY_TOKEN_ISSUER and GATEWAY_TOKEN_AUDIENCE must be set too');
  });

  it('checks a supergraph without serving it', async () => {
    const good = await run(['--check', '--supergraph', file], {
      NODE_ENV: 'production',
      GATEWAY_SIGNING_KEY: exportSigningKey(generateSigningKey()),
    });
    expect([good.code, good.stdout]).toEqual([
      0,
      'the supergraph can be served; its subgraphs: media, people\n',
    ]);

    await writeFile(`${file}.bad`, 'type Query { x: Int }');
    const bad = await run(['--check', '--supergraph', `${file}.bad`]);
    expect([bad.code, bad.stderr]).toEqual([1, expect.stringContaining('the supergraph cannot be served')]);
  });

  it('composes the supergraph of subgraphs that it is told to introspect, and waits for those that are away', async () => {
    const people = await startSubgraph(peopleSubgraph);
    const introspect = ['--introspect', `people=${people.url}`];
    const checked = await run(['--check', ...introspect]);
    expect([checked.code, checked.stdout]).toEqual([
      0,
      'the supergraph can be served; its subgraphs: people\n',
    ]);

    people.misbehave((_request, response) => void response.status(503).end());
    const refused = await run(['--check', ...introspect]);
    expect([refused.code, refused.stderr]).toEqual([
      1,
      `subgraphs cannot be introspected: people at ${people.url} (status 503)\n`,
    ]);

    const { child, output, ended } = start([...introspect, '--port', '0']);
    await waitUntil(() => output.stdout.includes('waits for its subgraphs'));
    const url = /http:\/\/[\d.:]+/.exec(output.stdout)![0];
    people.misbehave(undefined);
    await waitUntil(async () => (await fetch(`${url}/health/ready`)).ok);

    child.kill('SIGTERM');
    expect((await ended).code).toBe(0);
    await people.stop();
  });

  it('takes options from a configuration file, and refuses one that does not fit', async () => {
    const good = join(folder, 'good.mjs');
    await writeFile(good, `export default { supergraph: ${JSON.stringify(file)} };`);
    const checked = await run(['--check', '--config', good]);
    expect([checked.code, checked.stdout]).toEqual([0, expect.stringContaining('can be served')]);

    const bad = join(folder, 'bad.mjs');
    await writeFile(bad, 'export default { prot: 1 };');
    const refused = await run(['--config', bad, '--port', 'x']);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('Unrecognized key: "prot"')]);
    expect(refused.stderr).toContain('GATEWAY_PORT must be a port');
    expect(refused.stderr).not.toContain('    at ');
  });

  it('explains itself', async () => {
    const help = await run(['--help']);
    expect([help.code, help.stdout.includes('--supergraph')]).toEqual([0, true]);
    expect((await run(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    const misused = await run(['--bogus']);
    expect([misused.code, misused.stderr.includes("'--bogus'")]).toEqual([2, true]);
    const empty = await run(['--supergraph', '']);
    expect([empty.code, empty.stderr.split('\n')[0]]).toEqual([2, '--supergraph needs a value']);
  });
});
