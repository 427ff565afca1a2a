/** `npm run migration -- orders [name]`: adds the SQL that the tables of a service need since its last migration. */
import { spawnSync } from 'node:child_process';
import { allMigrations, migrationCommand } from './migrations.ts';

const [service = '', name] = process.argv.slice(2);
const migrations = allMigrations[service];
if (migrations === undefined) {
  console.error(`npm run migration -- ${Object.keys(allMigrations).join('|')} [name]`);
  process.exitCode = 1;
} else {
  const { file, parameters, env } = migrationCommand(migrations, name);
  process.exitCode = spawnSync(file, parameters, { env, stdio: 'inherit' }).status ?? 1;
}
