/**
 * `npm run secrets`: writes `.env` with a fresh secret for each place of `.env.example` that is empty, for `docker compose up`. A
 * `.env` that is there stays as it is: its databases were made with its passwords. `-- --print` shows what would be written.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { fillSecrets } from './fill-secrets.ts';

const usage = `npm run secrets: writes .env with a fresh secret for each place of .env.example that is empty

  npm run secrets [-- --print]

  --print  print what would be written, and write nothing
  --help   print this
`;

try {
  const { values } = parseArgs({
    options: { print: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help === true) process.stdout.write(usage);
  else make(values.print === true);
} catch (error) {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const isMisuse = code.startsWith('ERR_PARSE_ARGS');
  process.stderr.write(isMisuse ? `${message}\n\n${usage}` : `no secrets were made: ${message}\n`);
  process.exitCode = isMisuse ? 2 : 1;
}

function make(isToBePrinted: boolean): void {
  const secrets = fillSecrets(readFileSync('.env.example', 'utf8'));
  if (isToBePrinted) process.stdout.write(secrets);
  else write(secrets);
}

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
