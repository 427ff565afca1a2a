import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { DirectoryInUseError } from '@trellis/database';
import { listen } from '@trellis/lifecycle';
import { readEnvironment } from './env.ts';
import { startPlatform } from './platform.ts';
import { withSetting } from './start-error.ts';

it('names the data directory when it cannot be one', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'trellis-start-'));
  const file = join(directory, 'file');
  writeFileSync(file, '');
  const settings = readEnvironment({ TRELLIS_DATA_DIRECTORY: file, LOG_LEVEL: 'silent' });

  await expect(startPlatform(settings, () => undefined)).rejects.toThrow(/^TRELLIS_DATA_DIRECTORY: /);

  rmSync(directory, { recursive: true });
});

it('names the data directory when somebody else has it', () => {
  const inUse = new DirectoryInUseError('the data directory /data/users is in use');
  expect(withSetting(inUse, 'USERS')).toMatchObject({
    message: 'TRELLIS_DATA_DIRECTORY: the data directory /data/users is in use',
    cause: inUse,
  });
});

it('names the host that this machine does not have', async () => {
  // An address that is for documentation (RFC 5737): no machine has it.
  const failure: unknown = await listen(() => undefined, { port: 0, host: '192.0.2.1' }).catch(
    (error: unknown) => error,
  );
  expect(withSetting(failure, 'ORDERS')).toMatchObject({
    message: expect.stringMatching(/^ORDERS_HOST: .*192\.0\.2\.1/),
  });
});

it('leaves what names its setting, or has none, as it is', () => {
  const other = new Error('USERS_DATABASE_URL: the database does not answer');
  expect(withSetting(other, 'USERS')).toBe(other);
});

it('says in production that it is not for that, and nothing else', () => {
  expect(() => readEnvironment({ NODE_ENV: 'production', GATEWAY_PORT: 'x' })).toThrow(
    /^(?=[^]*run the services by themselves)(?![^]*GATEWAY_PORT)/,
  );
});
