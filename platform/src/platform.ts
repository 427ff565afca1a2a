import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createStaticKeySet } from '@trellis/auth';
import { createGateway, supergraphFile } from '@trellis/gateway';
import { createLogger, createStopSequence, type Stoppable } from '@trellis/lifecycle';
import { createInProcessBus, createRabbitMqBus, type MessageBus } from '@trellis/messaging';
import { startOrdersService } from '@trellis/orders';
import { startProductsService } from '@trellis/products';
import {
  demoAccounts,
  keySetPath,
  startUsersService,
  type AccountToOpen,
  type SeededAccount,
} from '@trellis/users';
import { startControl, type ControlOptions } from './control/control-server.ts';
import type { PlatformSettings } from './env.ts';
import { exampleQuery } from './example-query.ts';
import { keepSecrets, type Secrets } from './secrets.ts';
import { withSetting, type PlatformPart } from './start-error.ts';

/** Who signs access tokens; a name only, the keys come from the users subgraph of the same platform. */
const tokenIssuer = 'http://127.0.0.1:4001';
const tokenAudience = 'trellis';

const composedSupergraph = fileURLToPath(
  new URL('../../supergraph/generated/supergraph.graphql', import.meta.url),
);

/** All of Trellis, running. */
export interface Platform extends Stoppable {
  readonly gatewayUrl: string;
  /** Origins by name. */
  readonly subgraphUrls: Readonly<Record<'users' | 'products' | 'orders', string>>;
  /** Absolute. */
  readonly dataDirectory: string;
  /** The demo customer and admin; with their passwords the first time only. */
  readonly accounts: readonly SeededAccount[];
}

/**
 * Starts the gateway and the three subgraphs in this process. A subgraph without a database URL gets an embedded database, and without
 * a broker URL events travel in process; nothing else has to be installed.
 * @param showPasswords is given the demo accounts that are about to be opened, before they are.
 * @throws when a port or a directory is taken; nothing is left running then.
 */
export async function startPlatform(
  settings: PlatformSettings,
  showPasswords: (accounts: readonly AccountToOpen[]) => void,
): Promise<Platform> {
  const logger = createLogger('platform', settings.LOG_LEVEL);
  const dataDirectory = resolve(settings.TRELLIS_DATA_DIRECTORY);
  const secrets = openSecrets(dataDirectory);
  const parts = createStopSequence(logger);
  try {
    // Stopped after the bus: a delivery that arrived while its database is being closed would count as a failed attempt.
    const services = parts.add(createStopSequence(logger));
    const bus = parts.add(await openBus(settings));
    const gatewayKeys = createStaticKeySet([secrets.gatewaySigningKey.publicJwk]);
    const shared = (service: string) => ({
      bus,
      gatewayKeys,
      isStopping: () => parts.isStopping,
      logger: createLogger(service, settings.LOG_LEVEL),
    });

    const starting = {
      users: startUsersService({
        ...shared('users'),
        settings: {
          ...settings,
          USERS_DATA_DIRECTORY: join(dataDirectory, 'users'),
          USERS_KEY_ENCRYPTION_KEY: secrets.keyEncryptionKey,
          USERS_TOKEN_ISSUER: tokenIssuer,
          USERS_TOKEN_AUDIENCE: tokenAudience,
        },
      }),
      products: startProductsService({
        ...shared('products'),
        settings: {
          ...settings,
          PRODUCTS_DATA_DIRECTORY: join(dataDirectory, 'products'),
          PRODUCTS_SEED: true,
        },
      }),
      orders: startOrdersService({
        ...shared('orders'),
        settings: { ...settings, ORDERS_DATA_DIRECTORY: join(dataDirectory, 'orders') },
      }),
    };
    await everyStart(starting, services);
    const users = await starting.users;
    const products = await starting.products;
    const orders = await starting.orders;
    const subgraphUrls = { users: users.url, products: products.url, orders: orders.url };
    const databases = { users: users.database, products: products.database, orders: orders.database };
    parts.add(await openControlSocket({ directory: dataDirectory, databases, logger }));
    const gateway = parts.add(
      await createGateway({
        supergraph: supergraphFile(composedSupergraph),
        port: settings.GATEWAY_PORT,
        host: settings.GATEWAY_HOST,
        logger: createLogger('gateway', settings.LOG_LEVEL),
        tokens: { issuer: tokenIssuer, audience: tokenAudience, jwksUrls: [`${users.url}${keySetPath}`] },
        signingKey: secrets.gatewaySigningKey,
        subgraphUrls: Object.fromEntries(
          Object.entries(subgraphUrls).map(([name, url]) => [name, `${url}/graphql`]),
        ),
        corsOrigins: settings.GATEWAY_CORS_ORIGINS ?? [],
        subgraphDeadlineMs: settings.GATEWAY_SUBGRAPH_DEADLINE_MS,
        batchLimit: settings.GATEWAY_BATCH_LIMIT,
        ...(settings.GATEWAY_METRICS_PORT === undefined
          ? {}
          : { metricsPort: settings.GATEWAY_METRICS_PORT }),
        explorer: true,
        exampleQuery,
        ...(settings.REDIS_URL === undefined ? {} : { redisUrl: settings.REDIS_URL }),
      }).catch((error: unknown) => {
        throw withSetting(error, 'GATEWAY');
      }),
    );
    const accounts = await users.seedAccounts(demoAccounts, showPasswords);
    return { gatewayUrl: gateway.url, subgraphUrls, dataDirectory, accounts, stop: () => parts.stop() };
  } catch (error) {
    await parts.stop();
    throw error;
  }
}

function openBus(settings: PlatformSettings): Promise<MessageBus> | MessageBus {
  const logger = createLogger('bus', settings.LOG_LEVEL);
  return settings.AMQP_URL === undefined
    ? createInProcessBus({ logger })
    : createRabbitMqBus({ url: settings.AMQP_URL, logger });
}

async function openControlSocket(options: ControlOptions): Promise<Stoppable> {
  try {
    return await startControl(options);
  } catch (error) {
    throw withSetting(error, 'GATEWAY');
  }
}

function openSecrets(directory: string): Secrets {
  try {
    return keepSecrets(directory);
  } catch (error) {
    throw withSetting(error, 'GATEWAY');
  }
}

/** Waits for every start, so that when one fails the others are known and can be stopped. @throws what the first failure threw. */
async function everyStart(
  starting: Readonly<Record<string, Promise<Stoppable>>>,
  services: ReturnType<typeof createStopSequence>,
): Promise<void> {
  const outcomes = await Promise.allSettled(Object.values(starting));
  for (const outcome of outcomes) if (outcome.status === 'fulfilled') services.add(outcome.value);
  for (const [index, name] of Object.keys(starting).entries()) {
    const outcome = outcomes[index];
    if (outcome?.status === 'rejected') throw withSetting(outcome.reason, name.toUpperCase() as PlatformPart);
  }
}
