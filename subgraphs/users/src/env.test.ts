import { describe, expect, it } from '@jest/globals';
import { SettingsError } from '@trellis/settings';
import { readEnvironment, settingsForCommands } from './env.ts';

const broker = { AMQP_URL: 'amqp://127.0.0.1' };
const encryptionKey = Buffer.alloc(32, 9).toString('base64');
const production = {
  ...broker,
  NODE_ENV: 'production',
  USERS_DATABASE_URL: 'postgres://users-database/users',
  USERS_KEY_ENCRYPTION_KEY: encryptionKey,
  USERS_TOKEN_ISSUER: 'https://users.trellis.example',
  USERS_GATEWAY_JWKS_URL: 'http://gateway:4000/.well-known/jwks.json',
};

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
    expect(problems({ ...broker, USERS_BCRYPT_COST: '4' })).toEqual([]);
    expect(problems({ ...production, USERS_BCRYPT_COST: '4' })).toEqual([
      expect.stringContaining('from 10 to 15'),
    ]);
  });

  it('wants places and an encryption key of its own in production', () => {
    expect(problems({ ...broker, NODE_ENV: 'production' })).toEqual([
      expect.stringContaining('USERS_DATABASE_URL is required'),
      expect.stringContaining('USERS_TOKEN_ISSUER is required'),
      expect.stringContaining('USERS_KEY_ENCRYPTION_KEY is required'),
      expect.stringContaining('USERS_GATEWAY_JWKS_URL is required'),
    ]);
    const known = readEnvironment(broker).USERS_KEY_ENCRYPTION_KEY;
    expect(problems({ ...production, USERS_KEY_ENCRYPTION_KEY: known })).toEqual([
      expect.stringContaining('the key of development'),
    ]);
    expect(problems(production)).toEqual([]);
  });

  it('asks no broker of a command, but the database and the key of the running service', () => {
    const service = {
      USERS_DATABASE_URL: 'postgres://127.0.0.1/users',
      USERS_KEY_ENCRYPTION_KEY: encryptionKey,
    };
    expect(settingsForCommands(service)).toMatchObject(service);
    expect(settingsForCommands({ ...service, NODE_ENV: 'production' })).toMatchObject(service);
    expect(() => settingsForCommands({})).toThrow(
      /USERS_DATABASE_URL is required.*\n.*USERS_KEY_ENCRYPTION_KEY is required/,
    );
  });
});
