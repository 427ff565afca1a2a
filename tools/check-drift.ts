/**
 * `npm run drift`: makes every generated file again, and ends with code 1 when one was not what its sources say. It is then, so all
 * that is left to do is to commit it. Migrations are only compared with their tables: a new one wants to be read.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { globSync } from 'tinyglobby';
import { findMissingMigrations } from './migrations.ts';

const generated = ['**/generated/**', 'docs/asyncapi.json', 'docs/errors.md', 'docs/settings.md'];

const before = read();
const run = spawnSync('npm', ['run', '--silent', 'generate'], {
  encoding: 'utf8',
  shell: process.platform === 'win32', // npm is a script there
});
if (run.status !== 0) {
  console.error(`${run.stdout}${run.stderr}`);
  process.exit(1);
}
const after = read();

const stale = [...new Set([...before.keys(), ...after.keys()])].filter(
  (path) => before.get(path) !== after.get(path),
);
if (stale.length > 0) {
  console.error('not what their sources say, and made again: commit these');
  for (const path of stale.sort()) console.error(`  ${path}`);
  process.exitCode = 1;
}
for (const name of await findMissingMigrations()) {
  console.error(`the tables of ${name} are not what its migrations make: npm run migration -- ${name}`);
  process.exitCode = 1;
}

function read(): ReadonlyMap<string, string> {
  const paths = globSync(generated, { ignore: ['**/node_modules/**', '**/dist/**'], dot: true });
  return new Map(paths.map((path) => [path, readFileSync(path, 'utf8')]));
}
