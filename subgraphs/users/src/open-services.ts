import { randomBytes, randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { openDatabase, type Database } from '@trellis/database';
import { createStopSequence, type Logger, type Stoppable } from '@trellis/lifecycle';
import type { UsersServices } from './application/users-services.ts';
import { subgraphName, type UsersSettings } from './env.ts';
import { createBcryptHasher } from './passwords/bcrypt-hasher.ts';
import { createPostgresSigningKeyStore } from './persistence/postgres-signing-key-store.ts';
import { createStorage } from './storage.ts';
import { createAccessTokens } from './tokens/access-tokens.ts';
import { createKeyCipher } from './tokens/key-cipher.ts';
import { createKeyRing, type KeyRing } from './tokens/key-ring.ts';

/** The use cases' services on a database of their own. */
export interface OpenServices extends Stoppable {
  readonly services: UsersServices;
  readonly database: Database;
  readonly keyRing: KeyRing;
}

/** The folder of migrations; it stands beside both `src` and `dist`. */
const migrations = fileURLToPath(new URL('../migrations', import.meta.url));

const dayMs = 86_400_000;

/**
 * Opens the database and makes everything that the use cases work with.
 * @throws when the database cannot be opened or its signing keys cannot be decrypted; nothing is left open then.
 */
export async function openServices(
  settings: UsersSettings,
  logger: Logger,
  now: () => Date = () => new Date(),
): Promise<OpenServices> {
  const opened = createStopSequence(logger);
  try {
    const database = opened.add(
      await openDatabase(
        {
          service: subgraphName,
          url: settings.USERS_DATABASE_URL,
          directory: settings.USERS_DATA_DIRECTORY,
          migrations,
        },
        logger,
      ),
    );
    const keyRing = await createKeyRing({
      store: createPostgresSigningKeyStore(database),
      cipher: createKeyCipher(Buffer.from(settings.USERS_KEY_ENCRYPTION_KEY, 'base64')),
      maxAgeMs: settings.USERS_KEY_ROTATION_DAYS * dayMs,
      now,
    });
    const storage = createStorage(database);
    const passwords = opened.add(
      createBcryptHasher({
        cost: settings.USERS_BCRYPT_COST,
        storedCosts: await storage.accounts.passwordHashCosts(),
        threads: settings.USERS_BCRYPT_THREADS,
        waitingPerThread: settings.USERS_BCRYPT_QUEUE,
      }),
    );
    const services: UsersServices = {
      ...storage,
      passwords,
      accessTokens: createAccessTokens({
        keyRing,
        issuer: settings.USERS_TOKEN_ISSUER,
        audience: settings.USERS_TOKEN_AUDIENCE,
        newId: randomUUID,
      }),
      now,
      newId: randomUUID,
      newSecret: () => randomBytes(32).toString('base64url'),
      logger,
    };
    return { services, database, keyRing, stop: () => opened.stop() };
  } catch (error) {
    await opened.stop();
    throw error;
  }
}
