import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import orders from '../subgraphs/orders/drizzle.config.ts';
import products from '../subgraphs/products/drizzle.config.ts';
import users from '../subgraphs/users/drizzle.config.ts';

/** Where tables are declared, and the folder of migrations that make them. */
interface Migrations {
  readonly schema: string;
  readonly out: string;
}

/** Everything that has migrations, by name. */
export const allMigrations: Readonly<Record<string, Migrations>> = {
  users: foldersOf(users),
  products: foldersOf(products),
  orders: foldersOf(orders),
  // The tables of the package alone, as its own tests have them.
  outbox: { schema: './packages/outbox/src/tables.ts', out: './tests/support/outbox-migrations' },
};

/**
 * The command by which drizzle-kit adds the SQL that leads from the migrations to the tables, if they differ. Its exit code is 0
 * even when it fails. It asks whether a column that is gone was renamed.
 * @param name of the file, where the one that drizzle-kit invents will not do.
 */
export function migrationCommand({ schema, out }: Migrations, name?: string) {
  return {
    file: process.execPath,
    parameters: [
      'node_modules/drizzle-kit/bin.cjs',
      'generate',
      '--dialect=postgresql',
      `--schema=${schema}`,
      `--out=${out}`,
      ...(name === undefined ? [] : [`--name=${name}`]),
    ],
    // A schema takes the tables of the outbox from their package, which has no compiled code here.
    env: { ...process.env, NODE_OPTIONS: '--conditions=@trellis/source' },
  };
}

/** Whose tables are not what their migrations make of them. Changes nothing. */
export async function findMissingMigrations(): Promise<string[]> {
  const missing = await Promise.all(Object.values(allMigrations).map(isMissing));
  return Object.keys(allMigrations).filter((_, index) => missing[index]);
}

async function isMissing({ schema, out }: Migrations): Promise<boolean> {
  const copy = mkdtempSync(join(tmpdir(), 'trellis-migrations-'));
  try {
    cpSync(out, copy, { recursive: true });
    const { file, parameters, env } = migrationCommand({ schema, out: relative('.', copy) });
    const { stdout } = await promisify(execFile)(file, parameters, { env });
    return !stdout.includes('No schema changes');
  } finally {
    rmSync(copy, { recursive: true });
  }
}

function foldersOf({ schema, out }: { readonly schema?: unknown; readonly out?: string }): Migrations {
  if (typeof schema !== 'string' || out === undefined)
    throw new Error('a drizzle.config.ts lacks schema or out');
  return { schema, out };
}
