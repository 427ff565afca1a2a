import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chownSync,
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { freePorts } from '../../support/processes.ts';
import { waitFor } from '../../support/wait-for.ts';
import { describeWithServer } from './describe-with-server.ts';

/** A PostgreSQL server that belongs to one suite, to be killed and frozen: on a port of its own, with its data in a temporary folder. */
export interface PrivatePostgres {
  /** Of the database `postgres`; stays the same over restarts. */
  readonly url: string;
  /** Makes an empty database. @returns its URL. */
  createDatabase(name: string): Promise<string>;
  /** `kill -9` of every process of the server at once, as when the machine is lost. */
  kill(): Promise<void>;
  /** Starts it again on the data it left, and resolves when it answers. */
  start(): Promise<void>;
  /** SIGSTOP to every process of the server: connections stand, and nobody answers. */
  freeze(): Promise<void>;
  /** Lets a frozen server go on. */
  thaw(): Promise<void>;
  /** Kills it and removes its folder. */
  remove(): Promise<void>;
}

const binaries = findBinaries();

/** The server refuses to run as root: then it runs as the user that was made for it. */
const owner = process.getuid?.() === 0 ? postgresUser() : undefined;

/**
 * Runs the server, and watches a pipe from the test: when that closes, because the test's process has died, the server is told to end,
 * frozen or not, and nothing is left running.
 */
const keeper = `
"$0" -D "$1" -p "$2" -c listen_addresses=127.0.0.1 -c unix_socket_directories= &
server=$!
{ cat > /dev/null; kill -s QUIT $server && kill -s CONT $server; } <&3 &
exec 3<&-
wait $server`;

/** Starts a server and waits until it answers. @throws with what it printed when it does not. */
async function startPrivatePostgres(): Promise<PrivatePostgres> {
  if (binaries === undefined) throw new Error('PostgreSQL is not installed');
  const folder = mkdtempSync(join(tmpdir(), 'trellis-postgres-'));
  if (owner !== undefined) chownSync(folder, owner.uid, owner.gid);
  const data = join(folder, 'data');
  const output = join(folder, 'output');
  const [port] = await freePorts(1);
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  let server: ChildProcess | undefined;

  async function start(): Promise<void> {
    const log = openSync(output, 'a');
    const started = spawn('/bin/sh', ['-c', keeper, join(binaries!, 'postgres'), data, String(port)], {
      ...owner,
      cwd: folder,
      stdio: ['ignore', log, log, 'pipe'],
    });
    closeSync(log);
    server = started;
    try {
      await waitFor('PostgreSQL to answer', () => answers(url), 60_000);
    } catch (error) {
      await kill();
      throw new Error(`PostgreSQL did not start: ${readFileSync(output, 'utf8')}`, { cause: error });
    }
  }

  async function kill(): Promise<void> {
    const killed = server;
    server = undefined;
    if (killed === undefined) return;
    const ended = once(killed, 'exit');
    // The postmaster first, and only stopped: one that lived would answer the death of a child by restarting everything.
    const pids = await processesOf(data);
    signal(pids.slice(0, 1), 'SIGSTOP');
    signal([...(await processesOf(data))].reverse(), 'SIGKILL');
    await ended;
    killed.stdio[3]?.destroy(); // what watched over it has nothing left to do
  }

  async function remove(): Promise<void> {
    await kill();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }

  try {
    await promisify(execFile)(
      join(binaries, 'initdb'),
      ['--pgdata', data, '--username', 'postgres', '--auth', 'trust', '--encoding', 'UTF8', '--no-sync'],
      { ...owner, cwd: folder },
    );
    await start();
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    url,
    async createDatabase(name) {
      await run(url, `create database ${pg.escapeIdentifier(name)}`);
      return Object.assign(new URL(url), { pathname: `/${name}` }).href;
    },
    kill,
    start,
    freeze: async () => signal(await processesOf(data), 'SIGSTOP'),
    thaw: async () => signal(await processesOf(data), 'SIGCONT'),
    remove,
  };
}

/**
 * A suite with a server of its own; see `describeWithServer`.
 * @param define gets a handle whose properties can be read inside tests and hooks.
 */
export function describeWithPrivatePostgres(title: string, define: (server: PrivatePostgres) => void): void {
  const isMissing = binaries === undefined || (process.getuid?.() === 0 && owner === undefined);
  const missing = isMissing
    ? 'needs PostgreSQL installed, and a user postgres where root runs it (set TEST_POSTGRES_BIN)'
    : undefined;
  describeWithServer(title, missing, startPrivatePostgres, (running) =>
    define({
      get url() {
        return running().url;
      },
      createDatabase: (name) => running().createDatabase(name),
      kill: () => running().kill(),
      start: () => running().start(),
      freeze: () => running().freeze(),
      thaw: () => running().thaw(),
      remove: () => running().remove(),
    }),
  );
}

/** The folder of the newest server that is installed as Debian does it, or the one that the environment names. */
function findBinaries(): string | undefined {
  const named = process.env['TEST_POSTGRES_BIN'];
  if (named !== undefined) return named;
  const versions = '/usr/lib/postgresql';
  if (!existsSync(versions)) return undefined;
  const [newest] = readdirSync(versions).sort((a, b) => Number(b) - Number(a));
  return newest === undefined ? undefined : join(versions, newest, 'bin');
}

function postgresUser(): { readonly uid: number; readonly gid: number } | undefined {
  try {
    const idOf = (flag: string): number =>
      Number(execFileSync('id', [flag, 'postgres'], { stdio: 'pipe' }).toString());
    return { uid: idOf('-u'), gid: idOf('-g') };
  } catch {
    return undefined; // there is no such user
  }
}

/** The process ids of the server on a data folder, the postmaster first. */
async function processesOf(data: string): Promise<number[]> {
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return [];
  const postmaster = Number(readFileSync(file, 'utf8').split('\n')[0]);
  const { stdout } = await promisify(execFile)('pgrep', ['-P', String(postmaster)]).catch(() => ({
    stdout: '',
  }));
  return [postmaster, ...stdout.split('\n').filter(Boolean).map(Number)];
}

function signal(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch (error) {
      // It ended by itself between the look and the signal.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

async function answers(url: string): Promise<boolean> {
  await run(url, 'select 1');
  return true;
}

async function run(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined); // the query under way rejects with it
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
