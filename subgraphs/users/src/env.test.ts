import { describe, expect, it } from '@jest/globals';
import { SettingsError } from '@trellis/settings';
import { readEnvironment, settingsForCommands } from './env.ts';

const broker = { AMQP_URL: 'amqp://127.0.0.1' };
const encryptionKey = Buffer.alloc(32, 9).toString('base64');

function problems(environment: Record<string, string>): readonly string[] {
  try {
    readEnvironment(environment);
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
}

describe('the environment of users', () => {
  it('needs nothing but a broker in development', () => {
    expect(readEnvironment(broker)).toMatchObject({ USERS_PORT: 4001, USERS_BCRYPT_COST: 12 });
  });

  it('tells every problem at once', () => {
    const found = problems({ USERS_PORT: 'x', USERS_KEY_ENCRYPTION_KEY: 'short', USERS_BCRYPT_COSTS: '12' });
    expect(found).toEqual([
      expect.stringContaining('USERS_PORT'),
      expect.stringContaining('USERS_KEY_ENCRYPTION_KEY must be 32 bytes'),
      expect.stringContaining('AMQP_URL is required'),
      expect.stringContaining('did you mean USERS_BCRYPT_COST?'),
    ]);
  });

  it('lets tests hash cheaply, and production not', () => {
    const cheap = { ...broker, USERS_KEY_ENCRYPTION_KEY: encryptionKey, USERS_BCRYPT_COST: '4' };
    expect(problems(cheap)).toEqual([]);
    expect(problems({ ...cheap, NODE_ENV: 'production' })).toEqual([
      expect.stringContaining('from 10 to 15'),
    ]);
  });

  it('wants an encryption key of its own in production', () => {
    const production = { ...broker, NODE_ENV: 'production' };
    expect(problems(production)).toEqual([expect.stringContaining('USERS_KEY_ENCRYPTION_KEY is required')]);
    const known = readEnvironment(broker).USERS_KEY_ENCRYPTION_KEY;
    expect(problems({ ...production, USERS_KEY_ENCRYPTION_KEY: known })).toEqual([
      expect.stringContaining('the key of development'),
    ]);
    expect(problems({ ...production, USERS_KEY_ENCRYPTION_KEY: encryptionKey })).toEqual([]);
  });

  it('asks no broker of a command, but the database and the key of the running service', () => {
    const service = {
      USERS_DATABASE_URL: 'postgres://127.0.0.1/users',
      USERS_KEY_ENCRYPTION_KEY: encryptionKey,
    };
    expect(settingsForCommands(service)).toMatchObject(service);
    expect(() => settingsForCommands({})).toThrow(
      /USERS_DATABASE_URL is required.*\n.*USERS_KEY_ENCRYPTION_KEY is required/,
    );
  });
});
