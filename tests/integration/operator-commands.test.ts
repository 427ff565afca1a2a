import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startProcess } from '../support/processes.ts';
import { createTestDatabase, describeWithServices } from '../support/services.ts';

const createAdmin = 'subgraphs/users/src/commands/create-admin.ts';
const rotateKeys = 'subgraphs/users/src/commands/rotate-keys.ts';
const makeSecrets = 'tools/make-secrets.ts';

/** Runs a command to its end. */
async function run(
  entry: string,
  environment: Readonly<Record<string, string>> = {},
  options: { readonly args?: readonly string[]; readonly input?: string } = {},
): Promise<{ code: number | null; printed: string }> {
  const running = startProcess(entry, environment, options);
  const code = await running.ended();
  return { code, printed: running.output() };
}

const key = { USERS_KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64') };

describe('a command of an operator', () => {
  it.each([
    [makeSecrets, 'npm run secrets: '],
    [createAdmin, 'create-admin: '],
    [rotateKeys, 'rotate-keys: '],
  ])('explains itself, and says by 2 that it was called wrongly: %s', async (entry, explanation) => {
    const help = await run(entry, {}, { args: ['--help'] });
    const misused = await run(entry, {}, { args: ['--bogus'] });

    expect(help.code).toBe(0);
    expect(help.printed.startsWith(explanation)).toBe(true);
    expect(misused.code).toBe(2);
    expect(misused.printed).toMatch(/^Unknown option '--bogus'/);
    expect(misused.printed.endsWith(help.printed)).toBe(true);
  });

  it('shows fresh secrets for every empty place, each time others', async () => {
    const [first, second] = [
      await run(makeSecrets, {}, { args: ['--print'] }),
      await run(makeSecrets, {}, { args: ['--print'] }),
    ];

    expect(first.code).toBe(0);
    expect(first.printed).not.toMatch(/^[A-Z_]+=$/m);
    expect(second.printed).not.toBe(first.printed);
  });

  it('names every setting that it lacks at once', async () => {
    const { code, printed } = await run(createAdmin);

    expect(code).toBe(1);
    expect(printed.split('\n').map((line) => /[A-Z_]{6,}/.exec(line)?.[0])).toEqual([
      undefined,
      'ADMIN_EMAIL',
      'USERS_DATABASE_URL',
      'USERS_KEY_ENCRYPTION_KEY',
      undefined,
    ]);
  });

  it('says which setting leads to a database that does not answer', async () => {
    const away = { ...key, USERS_DATABASE_URL: 'postgres://127.0.0.1:1/users' };

    expect(await run(rotateKeys, away)).toEqual({
      code: 1,
      printed: 'USERS_DATABASE_URL: the database does not answer: connect ECONNREFUSED 127.0.0.1:1\n',
    });
  });
});

describeWithServices(['postgres'], 'a command on the database of users', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());
  const environment = () => ({ ...key, USERS_DATABASE_URL: database.url });

  it('opens an administrator’s account, and says why it opens none', async () => {
    const admin = { ...environment(), ADMIN_EMAIL: 'root@shop.example' };

    const refused = await run(createAdmin, admin, { input: 'short\n' });
    expect([refused.code, refused.printed]).toEqual([
      1,
      expect.stringMatching(/^no account was opened: password: .+\.\n$/),
    ]);

    const opened = await run(createAdmin, admin, { input: 'a long enough password\n' });
    expect([opened.code, opened.printed]).toEqual([
      0,
      expect.stringMatching(/^root@shop\.example is an administrator \(id \S+\)\n$/),
    ]);
  });

  it('publishes a new signing key, and says from when on it signs', async () => {
    const { code, printed } = await run(rotateKeys, environment());

    expect([code, printed]).toEqual([
      0,
      expect.stringMatching(/^key \S+ is published and signs from \d{4}-\d\d-\d\dT\S+Z on\n$/),
    ]);
  });
});
