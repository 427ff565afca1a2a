/**
 * `npm run secrets`: writes `.env` with a fresh secret for each place of `.env.example` that is empty, for `docker compose up`. A
 * `.env` that is there stays as it is: its databases were made with its passwords. `-- --print` shows what would be written.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { fillSecrets } from './fill-secrets.ts';

const { values } = parseArgs({ options: { print: { type: 'boolean', default: false } } });
const secrets = fillSecrets(readFileSync('.env.example', 'utf8'));
if (values.print) process.stdout.write(secrets);
else write(secrets);

function write(text: string): void {
  try {
    writeFileSync('.env', text, { flag: 'wx', mode: 0o600 });
    console.log('.env written: keep it to yourself, and keep it, because the databases know its passwords');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    console.error('.env is there already and stays as it is; remove it to have another');
    process.exitCode = 1;
  }
}
