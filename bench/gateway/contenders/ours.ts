import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { exportSigningKey, generateSigningKey, signToken } from '@trellis/auth';
import { root } from '../folders.ts';
import { freePort, runCommand } from '../../measurement/processes.ts';
import { productionEnv, type Contender } from './contender.ts';
import { packageVersion } from './package-version.ts';

/** Every client of the benchmark asks for the same, so sharing what is in flight would measure next to nothing else. */
const unshared = { GATEWAY_SHARE_SUBGRAPH_REQUESTS: 'false' };

/** The replayed subgraphs look at no identity, and no other contender tells them one. */
const unsigned = { GATEWAY_SUBGRAPH_IDENTITY: 'false' };

/** Nothing that was not asked for. */
const bare = { ...unshared, ...unsigned };

/** Trellis, with nothing on that was not asked for; equal requests to a subgraph that are in flight together are not shared. */
export const ours = trellis('ours', 'Trellis', async () => ({ env: bare, headers: {} }));

/** The same, but equal requests of clients that are in flight together are executed once. */
export const oursShared = trellis('ours-shared', 'Trellis, requests shared', async () => ({
  env: { ...unsigned, GATEWAY_SHARE_EXECUTIONS: 'true' },
  headers: {},
}));

/** As `ours`, with the access token of every request verified, subgraphs told whose it is, and everything counted for Prometheus; limits are always on. */
export const oursSecured = trellis('ours-secured', 'Trellis, secured', startIssuer);

const command = join(root, 'gateway/dist/main.js');

/** The options of Node's that the command `trellis-gateway` is started with: those of its first line. */
function optionsOfCommand(): string[] {
  const [firstLine = ''] = readFileSync(command, 'utf8').split('\n');
  return firstLine.split(' ').filter((word) => word.startsWith('--'));
}

interface Variant {
  readonly env: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
}

function trellis(name: string, title: string, variant: () => Promise<Variant>): Contender {
  return {
    name,
    title,
    async prepare({ supergraphFile, howToRun }) {
      if (!howToRun.asBuilt) await build();
      const { env, headers } = await variant();
      return {
        version: packageVersion('@trellis/gateway', root),
        headers,
        command: (port) => ({
          file: process.execPath,
          args: [
            ...optionsOfCommand(),
            ...howToRun.nodeOptions,
            command,
            ...['--supergraph', supergraphFile, '--port', String(port)],
          ],
          env: { ...productionEnv, ...env },
        }),
      };
    },
  };
}

let built: Promise<void> | undefined;

/** Measured is what an image would run: the compiled gateway. */
function build(): Promise<void> {
  return (built ??= runCommand({
    file: process.execPath,
    args: [join(root, 'node_modules/typescript/bin/tsc'), '--build', 'gateway'],
    cwd: root,
  }));
}

/** An issuer of access tokens for as long as the benchmark runs, and one token of a customer's. */
async function startIssuer(): Promise<Variant> {
  const key = generateSigningKey();
  const port = await freePort();
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [key.publicJwk] }));
  }).listen(port, '127.0.0.1');
  await once(server, 'listening');
  server.unref();
  const kind = { type: 'at+jwt', issuer: 'https://issuer.example', audience: 'bench' };
  const token = signToken(key, kind, { sub: 'ada', roles: ['CUSTOMER'], sid: 's1' }, 24 * 3_600);
  return {
    env: {
      ...unshared,
      GATEWAY_SIGNING_KEY: exportSigningKey(generateSigningKey()),
      GATEWAY_METRICS_PORT: String(await freePort()),
      GATEWAY_JWKS_URL: `http://127.0.0.1:${port}/jwks`,
      GATEWAY_TOKEN_ISSUER: kind.issuer,
      GATEWAY_TOKEN_AUDIENCE: kind.audience,
    },
    headers: { authorization: `Bearer ${token}` },
  };
}
