import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { once } from 'node:events';
import { openDatabase } from '@trellis/database';
import { createLogger } from '@trellis/lifecycle';
import { sql } from 'drizzle-orm';

// Writes to an embedded database, two rows in a transaction, and prints the id of each that has committed. `DIRECTORY` is where; with
// `ROW_BYTES` that many go along with each. A write that fails is printed, and another one begun at SIGUSR2.

const directory = process.env['DIRECTORY'];
if (directory === undefined) throw new Error('DIRECTORY is missing');
const migrations = fileURLToPath(new URL('../../support/outbox-migrations', import.meta.url));
const filler = Number(process.env['ROW_BYTES'] ?? '10');

const database = await openDatabase(
  { service: 'writer', directory, migrations },
  createLogger('writer', 'silent'),
);
await database.query.execute(sql`create table if not exists firsts (id uuid primary key, filler text)`);
await database.query.execute(sql`create table if not exists seconds (id uuid primary key)`);
process.stdout.write('open\n');
for (;;) {
  const id = randomUUID();
  try {
    await database.transaction(async (tx) => {
      // Text that cannot be packed.
      const text = Array.from({ length: Math.ceil(filler / 36) }, () => randomUUID()).join('');
      await tx.execute(sql`insert into firsts values (${id}, ${text})`);
      await tx.execute(sql`insert into seconds values (${id})`);
    });
    process.stdout.write(`wrote ${id}\n`);
  } catch (error) {
    process.stdout.write(
      `failed ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}\n`,
    );
    const alive = setInterval(() => undefined, 1_000); // waiting for a signal alone ends the process
    await once(process, 'SIGUSR2');
    clearInterval(alive);
  }
}
