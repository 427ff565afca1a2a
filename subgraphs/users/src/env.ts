import {
  integer,
  parseSettings,
  port,
  setting,
  text,
  url,
  type SettingsOf,
  type Setting,
} from '@trellis/settings';
import { commandSettings } from '@trellis/subgraph-server';
import { z } from 'zod';

/** 32 bytes that everyone knows: fit to develop with, and refused by `requiredInProduction`. */
const developmentEncryptionKey = Buffer.from('trellis-development-key-32-bytes').toString('base64');

const encryptionKey = z
  .string()
  .refine(
    (value) => /^[A-Za-z0-9+/]{43}=$/.test(value),
    'must be 32 bytes in base64: make one with `openssl rand -base64 32`',
  );

const bcryptCost = (min: number) => integer(min, 15);

/** The name of this subgraph in the supergraph; the gateway's identities are made out to it. */
export const subgraphName = 'users';

/** What the service reads, however it is run. */
export const serviceSettings = {
  USERS_PORT: setting({ schema: port, fallback: 4001, doc: 'The port to listen on; 0 takes a free one.' }),
  USERS_HOST: setting({
    schema: text,
    fallback: '127.0.0.1',
    doc: 'The address to listen on; `0.0.0.0` opens the service to other machines.',
  }),
  USERS_DATABASE_URL: setting<string | undefined>({
    schema: url(['postgres:', 'postgresql:']),
    fallback: undefined,
    requiredInProduction: true,
    doc: 'The PostgreSQL database of this service; for development an embedded one will do, which it gets without.',
  }),
  USERS_DATA_DIRECTORY: setting({
    schema: text,
    fallback: '.trellis/users',
    doc: 'Where the embedded database lives.',
  }),
  USERS_TOKEN_ISSUER: setting({
    schema: url(['http:', 'https:']),
    fallback: 'http://127.0.0.1:4001',
    requiredInProduction: true,
    doc: 'The `iss` of access tokens.',
  }),
  USERS_TOKEN_AUDIENCE: setting({ schema: text, fallback: 'trellis', doc: 'The `aud` of access tokens.' }),
  USERS_KEY_ENCRYPTION_KEY: setting({
    schema: encryptionKey,
    fallback: developmentEncryptionKey,
    requiredInProduction: true,
    doc: 'What private signing keys are encrypted with in the database: 32 bytes in base64, the same for all replicas.',
  }),
  USERS_KEY_ROTATION_DAYS: setting({
    schema: integer(1, 365),
    fallback: 30,
    doc: 'After how many days a signing key gets a successor.',
  }),
  USERS_BCRYPT_COST: setting({
    schema: bcryptCost(4),
    fallback: 12,
    doc: 'The cost of password hashes, 4 to 15, in production at least 10; each step doubles the work. Others are made again at a login.',
  }),
  USERS_BCRYPT_THREADS: setting<number | undefined>({
    schema: integer(1, 64),
    fallback: undefined,
    doc: 'Threads that hash passwords, at the most; without it, one for each processor.',
  }),
  USERS_BCRYPT_QUEUE: setting({
    schema: integer(1, 10_000),
    // At cost 12 about nine seconds of work: who waited longer would be answered after the gateway has given up.
    fallback: 40,
    doc: 'How many passwords may wait for each thread; who comes then is told to try again later.',
  }),
};

export type UsersSettings = SettingsOf<typeof serviceSettings>;

/** Every variable of the command that runs the service alone. */
export const settingsTable = {
  ...serviceSettings,
  USERS_GATEWAY_JWKS_URL: setting({
    schema: url(['http:', 'https:']),
    fallback: 'http://127.0.0.1:4000/.well-known/jwks.json',
    requiredInProduction: true,
    doc: "Where the gateway's public keys are: who else calls is refused.",
  }),
  ...commandSettings,
};

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the environment of the users service.
 * @throws SettingsError naming every problem.
 */
export function readEnvironment(environment: Environment): SettingsOf<typeof settingsTable> {
  return parseSettings(tableFor(environment), environment, ['USERS_']);
}

/**
 * Reads what a command on the users' database needs: no broker, but the very database and key of the running service. A default would
 * open an account where nobody looks for it, or make a signing key that the service cannot read.
 * @throws SettingsError naming every problem.
 */
export function settingsForCommands(
  environment: Environment,
): Omit<ReturnType<typeof readEnvironment>, 'AMQP_URL'> {
  const { AMQP_URL: _broker, ...table } = tableFor(environment);
  const required = {
    USERS_DATABASE_URL: withoutFallback(table.USERS_DATABASE_URL),
    USERS_KEY_ENCRYPTION_KEY: withoutFallback(table.USERS_KEY_ENCRYPTION_KEY),
    // A command signs no token and takes no request.
    USERS_TOKEN_ISSUER: { ...table.USERS_TOKEN_ISSUER, requiredInProduction: false },
    USERS_GATEWAY_JWKS_URL: { ...table.USERS_GATEWAY_JWKS_URL, requiredInProduction: false },
  };
  return parseSettings({ ...table, ...required }, environment, ['USERS_']);
}

function withoutFallback<T>({ schema, doc }: Setting<T>): Setting<T> {
  return { schema, doc };
}

/** The table, stricter in production. */
function tableFor(environment: Environment): typeof settingsTable {
  if (environment['NODE_ENV'] !== 'production') return settingsTable;
  const { USERS_BCRYPT_COST: cost, USERS_KEY_ENCRYPTION_KEY: key } = settingsTable;
  const secretKey = encryptionKey.refine(
    (value) => value !== developmentEncryptionKey,
    'is the key of development, which everyone knows: make one with `openssl rand -base64 32`',
  );
  return {
    ...settingsTable,
    USERS_BCRYPT_COST: { ...cost, schema: bcryptCost(10) },
    USERS_KEY_ENCRYPTION_KEY: { ...key, schema: secretKey },
  };
}
