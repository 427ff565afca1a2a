import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { removeFromBroker } from '../../tests/support/broker.ts';

/** Where the servers are that Trellis runs on. */
export const servers = {
  postgres: process.env['TEST_DATABASE_URL'] ?? 'postgres://postgres@127.0.0.1:5432/postgres',
  rabbitmq: process.env['TEST_AMQP_URL'] ?? 'amqp://guest:guest@127.0.0.1:5672',
  redis: process.env['TEST_REDIS_URL'] ?? 'redis://127.0.0.1:6379',
};

/** What a measurement has on the servers, all of which is removed when it ends. */
export interface Corner {
  /** Stands before the name of everything on the broker. */
  readonly prefix: string;
  /** Makes an empty database. @returns its URL. */
  createDatabase(): Promise<string>;
  /** Removes the databases, and what has the prefix on the broker. */
  remove(): Promise<void>;
}

/** A corner of the servers for one measurement. */
export function openCorner(): Corner {
  const prefix = `trellis_bench_${randomBytes(6).toString('hex')}`;
  const databases: string[] = [];
  return {
    prefix,
    async createDatabase() {
      const name = `${prefix}_${databases.length}`;
      databases.push(name);
      await onServer(`create database ${name}`);
      const url = new URL(servers.postgres);
      url.pathname = `/${name}`;
      return url.href;
    },
    async remove() {
      for (const name of databases) await onServer(`drop database if exists ${name} with (force)`);
      await removeFromBroker(servers.rabbitmq, prefix);
    },
  };
}

async function onServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: servers.postgres });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
