import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort, startProcess, type Command, type RunningProcess } from '../measurement/processes.ts';
import { root } from './folders.ts';
import { subgraphUrls } from './supergraph-urls.ts';

/** A query that the gateways are asked. */
export interface Operation {
  /** `small`, `medium` or `big`, after its file. */
  readonly name: string;
  readonly query: string;
}

/** A supergraph and queries to it. */
export interface DataSet {
  readonly supergraphSdl: string;
  readonly operations: readonly Operation[];
}

const operationNames = ['small', 'medium', 'big'];

/**
 * Reads `supergraph.graphql` and whichever there are of `small.graphql`, `medium.graphql` and `big.graphql`.
 * @throws Error when something is missing.
 */
export function readDataSet(directory: string): DataSet {
  const supergraphFile = join(directory, 'supergraph.graphql');
  if (!existsSync(supergraphFile)) throw new Error(`there is no supergraph.graphql in ${directory}`);
  const operations = operationNames
    .map((name) => ({ name, file: join(directory, `${name}.graphql`) }))
    .filter(({ file }) => existsSync(file))
    .map(({ name, file }) => ({ name, query: readFileSync(file, 'utf8') }));
  if (operations.length === 0) throw new Error(`there is no query (small.graphql, ...) in ${directory}`);
  return { supergraphSdl: readFileSync(supergraphFile, 'utf8'), operations };
}

/** Subgraphs that run, and where each of them is. */
export interface RunningSubgraphs {
  readonly urls: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/**
 * Starts the subgraphs of a data set: with a command of the user's, which serves them where the supergraph says; otherwise the folder's
 * own `subgraphs.{ts,cjs,mjs,js}`, which serves them all on the port that `PORT` names, each at the path that the supergraph says.
 * @throws Error when they do not come up.
 */
export async function startSubgraphs(
  directory: string,
  { supergraphSdl }: DataSet,
  shellCommand: string | undefined,
): Promise<RunningSubgraphs> {
  const published = subgraphUrls(supergraphSdl);
  if (shellCommand !== undefined) {
    return startAndAwait({ file: 'sh', args: ['-c', shellCommand], cwd: root }, published);
  }
  const own = readdirSync(directory).find((name) => /^subgraphs\.(ts|cjs|mjs|js)$/.test(name));
  if (own === undefined) throw new Error(`there is no subgraphs.* in ${directory}: say --subgraphs COMMAND`);
  const port = await freePort();
  const loader = own.endsWith('.ts') ? ['--conditions=@trellis/source', '--import', 'tsx'] : [];
  const command = {
    file: process.execPath,
    args: [...loader, join(directory, own)],
    // Such a file may look for its libraries from the folder that it is started in.
    cwd: root,
    env: { PORT: String(port) },
  };
  return startAndAwait(command, Object.fromEntries(Object.entries(published).map(atPort(port))));
}

function atPort(port: number) {
  return ([name, url]: [string, string]): [string, string] => {
    const moved = new URL(url);
    moved.hostname = '127.0.0.1';
    moved.port = String(port);
    return [name, moved.href];
  };
}

/** Starts them, and waits until every one takes connections. */
export async function startAndAwait(
  command: Command,
  urls: Readonly<Record<string, string>>,
): Promise<RunningSubgraphs> {
  const hosts = new Set(Object.values(urls).map((url) => new URL(url).host));
  for (const host of hosts) {
    // Its answers would be taken for those of the subgraphs.
    if (await takesConnections(host)) throw new Error(`somebody listens at ${host} already`);
  }
  const subgraphs = startProcess(command);
  for (const host of hosts) await awaitListening(host, subgraphs);
  return { urls, stop: () => subgraphs.stop() };
}

async function awaitListening(host: string, subgraphs: RunningProcess): Promise<void> {
  const giveUpAt = Date.now() + 60_000;
  let ended = false;
  void subgraphs.ended.then(() => (ended = true));
  while (!(await takesConnections(host))) {
    if (ended || Date.now() > giveUpAt) {
      await subgraphs.stop();
      throw new Error(`no subgraphs at ${host}:\n${subgraphs.output()}`);
    }
    await pause(50);
  }
}

async function takesConnections(host: string): Promise<boolean> {
  const { hostname, port } = new URL(`http://${host}`);
  return new Promise((resolve) => {
    const socket = connect(Number(port || 80), hostname);
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
