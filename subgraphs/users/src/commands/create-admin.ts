/**
 * Opens an administrator's account: `ADMIN_EMAIL=… ADMIN_NAME=… create-admin < file-with-the-password`. The password may come in
 * `ADMIN_PASSWORD` instead.
 */
import { text as readAll } from 'node:stream/consumers';
import { setting, text } from '@trellis/settings';
import { createAdmin } from '../application/create-admin.ts';
import { runCommand } from './run-command.ts';

const table = {
  ADMIN_EMAIL: setting({ schema: text, doc: 'The e-mail address to log in with.' }),
  ADMIN_NAME: setting({ schema: text, fallback: 'Administrator', doc: 'The name to show.' }),
  ADMIN_PASSWORD: setting<string | undefined>({
    schema: text,
    fallback: undefined,
    doc: 'The password; without it, the first line of standard input is taken.',
  }),
};

const usage = `create-admin: opens an administrator's account

  ADMIN_EMAIL=... [ADMIN_NAME=...] create-admin < file-with-the-password

The password may come in ADMIN_PASSWORD instead. USERS_DATABASE_URL and USERS_KEY_ENCRYPTION_KEY are those of the service.
`;

await runCommand(usage, table, async ({ services }, { ADMIN_EMAIL, ADMIN_NAME, ADMIN_PASSWORD }) => {
  const password = ADMIN_PASSWORD ?? (await firstLineOfInput());
  const outcome = await createAdmin(services, { email: ADMIN_EMAIL, name: ADMIN_NAME, password });
  if (!outcome.ok) {
    const problems = outcome.errors.map(({ field, message }) => `${field?.at(-1) ?? 'input'}: ${message}`);
    throw new Error(`no account was opened: ${problems.join(' ')}`);
  }
  return `${outcome.value.email} is an administrator (id ${outcome.value.id})`;
});

async function firstLineOfInput(): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write('Password (it will be shown), then Ctrl-D:\n');
  return (await readAll(process.stdin)).split(/\r?\n/)[0] ?? '';
}
