import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { TcpProxy } from '../../support/tcp-proxy.ts';
import { createServerProcess, type ServerProcess } from './server-process.ts';

/** A PostgreSQL server of the run's own. */
export interface PrivatePostgres extends ServerProcess {
  /** The URL of a database, past whatever stands before the server. */
  databaseUrl(name: string): string;
  createDatabase(name: string): Promise<void>;
}

/** Lays out a server in a folder; it is not started yet. @throws when PostgreSQL is not installed. */
export function createPrivatePostgres(folder: string, port: number, proxy: TcpProxy): PrivatePostgres {
  const bin = findBinaries();
  const data = join(folder, 'postgres');
  mkdirSync(data);
  // PostgreSQL refuses to run as root.
  const owner = process.getuid?.() === 0 ? userNamed('postgres') : undefined;
  if (owner !== undefined) chownSync(data, owner.uid, owner.gid);
  const as = { ...owner, cwd: data, env: { PATH: process.env['PATH'], LC_ALL: 'C' } };
  const initdb = ['-D', data, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--no-sync'];
  execFileSync(join(bin, 'initdb'), initdb, { ...as, stdio: 'pipe' });
  const databaseUrl = (name: string): string => `postgres://postgres@127.0.0.1:${port}/${name}`;

  // Without fsync: a killed process loses nothing by it, and a power cut is not what this is about.
  const settings = ['fsync=off', 'listen_addresses=127.0.0.1', `unix_socket_directories=${data}`];
  const server = createServerProcess({
    name: 'postgres',
    command: [
      join(bin, 'postgres'),
      ...['-D', data, '-p', String(port)],
      ...settings.flatMap((setting) => ['-c', setting]),
    ],
    spawn: as,
    logFile: join(folder, 'postgres.log'),
    stopSignal: 'SIGINT', // its "fast" stop, which does not wait for clients
    proxy,
    isReady: () => runOn(databaseUrl('postgres'), 'select 1'),
  });
  return {
    ...server,
    databaseUrl,
    async createDatabase(name) {
      await runOn(databaseUrl('postgres'), `create database ${name}`);
    },
  };
}

async function runOn(url: string, statement: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined); // the query rejects with it
  try {
    await client.connect();
    await client.query(statement);
    return true;
  } finally {
    await client.end();
  }
}

function findBinaries(): string {
  const told = process.env['TEST_POSTGRES_BIN'];
  if (told !== undefined) return told;
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  const found = versions
    .map((version) => join(root, version, 'bin'))
    .find((bin) => existsSync(join(bin, 'initdb')));
  if (found === undefined)
    throw new Error('PostgreSQL is not installed here: install it, or say in TEST_POSTGRES_BIN where it is');
  return found;
}

function userNamed(name: string): { uid: number; gid: number } {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  if (uid === undefined || gid === undefined) throw new Error(`there is no user ${name} to run as`);
  return { uid: Number(uid), gid: Number(gid) };
}
