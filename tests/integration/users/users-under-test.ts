import { randomUUID } from 'node:crypto';
import type { Identity } from '@trellis/auth';
import { startUsersService, subgraphName, type UsersService, type UsersSettings } from '@trellis/users';
import { describeSubgraph, type SubgraphUnderTest } from '../../support/subgraph-under-test.ts';

export type UsersUnderTest = SubgraphUnderTest<UsersService>;

/** Settings for tests, the place of the database aside: a free port, and the fastest hashes. */
export const testSettings: Omit<UsersSettings, 'USERS_DATABASE_URL' | 'USERS_DATA_DIRECTORY'> = {
  USERS_PORT: 0,
  USERS_HOST: '127.0.0.1',
  USERS_TOKEN_ISSUER: 'http://users.test',
  USERS_TOKEN_AUDIENCE: 'trellis-test',
  USERS_KEY_ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'),
  USERS_KEY_ROTATION_DAYS: 30,
  USERS_BCRYPT_COST: 4,
  USERS_BCRYPT_THREADS: 1,
  USERS_BCRYPT_QUEUE: 100,
};

/** Runs a suite against the service on PGlite and, where there is one, on PostgreSQL. One service serves all tests of the suite. */
export function describeUsersService(
  title: string,
  define: (users: UsersUnderTest) => void,
  settings: Partial<UsersSettings> = {},
  now?: () => Date,
): void {
  describeSubgraph(
    title,
    subgraphName,
    ({ url, directory }, parts) =>
      startUsersService({
        ...parts,
        settings: {
          ...testSettings,
          USERS_DATABASE_URL: url,
          USERS_DATA_DIRECTORY: directory,
          ...settings,
        },
        ...(now === undefined ? {} : { now }),
      }),
    define,
  );
}

/** Somebody who is logged in. */
export function user(userId: string, role = 'CUSTOMER', sessionId?: string): Identity {
  return { kind: 'user', userId, roles: [role], ...(sessionId === undefined ? {} : { sessionId }) };
}

/** An address that nobody has yet. */
export function newEmail(): string {
  return `${randomUUID()}@example.com`;
}
