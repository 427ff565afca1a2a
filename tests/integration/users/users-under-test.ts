import { randomUUID } from 'node:crypto';
import type { Identity } from '@trellis/auth';
import { startUsersService, subgraphName, type UsersService, type UsersSettings } from '@trellis/users';
import { createSubgraphUnderTest, type ManualSubgraphUnderTest } from '../../support/subgraph-under-test.ts';

export type UsersUnderTest = ManualSubgraphUnderTest<UsersService>;

/** Settings for tests: a database in memory, a free port, and the fastest hashes. */
export const testSettings: UsersSettings = {
  USERS_PORT: 0,
  USERS_HOST: '127.0.0.1',
  USERS_DATABASE_URL: undefined,
  USERS_DATA_DIRECTORY: 'memory://',
  USERS_TOKEN_ISSUER: 'http://users.test',
  USERS_TOKEN_AUDIENCE: 'trellis-test',
  USERS_KEY_ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'),
  USERS_KEY_ROTATION_DAYS: 30,
  USERS_BCRYPT_COST: 4,
  USERS_BCRYPT_THREADS: 1,
  USERS_BCRYPT_QUEUE: 100,
};

/** Starts the service with a bus of its own. */
export async function startUsersUnderTest(
  settings: Partial<UsersSettings> = {},
  now?: () => Date,
): Promise<UsersUnderTest> {
  const users = createSubgraphUnderTest(subgraphName, (parts) =>
    startUsersService({
      ...parts,
      settings: { ...testSettings, ...settings },
      ...(now === undefined ? {} : { now }),
    }),
  );
  await users.start();
  return users;
}

/** Somebody who is logged in. */
export function user(userId: string, role = 'CUSTOMER', sessionId?: string): Identity {
  return { kind: 'user', userId, roles: [role], ...(sessionId === undefined ? {} : { sessionId }) };
}

/** An address that nobody has yet. */
export function newEmail(): string {
  return `${randomUUID()}@example.com`;
}
