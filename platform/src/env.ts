import { settingsTable as gatewaySettings } from '@trellis/gateway';
import { logLevels } from '@trellis/lifecycle';
import { serviceSettings as ordersSettings } from '@trellis/orders';
import { serviceSettings as productsSettings } from '@trellis/products';
import { oneOf, parseSettings, setting, SettingsError, text, url, type SettingsOf } from '@trellis/settings';
import { serviceSettings as usersSettings } from '@trellis/users';

/** What of the gateway can be chosen; where its supergraph, subgraphs and keys are, the platform knows itself. */
const {
  GATEWAY_PORT,
  GATEWAY_HOST,
  GATEWAY_CORS_ORIGINS,
  GATEWAY_SUBGRAPH_DEADLINE_MS,
  GATEWAY_BATCH_LIMIT,
  GATEWAY_METRICS_PORT,
} = gatewaySettings;
const gateway = {
  GATEWAY_PORT,
  GATEWAY_HOST,
  GATEWAY_CORS_ORIGINS,
  GATEWAY_SUBGRAPH_DEADLINE_MS,
  GATEWAY_BATCH_LIMIT,
  GATEWAY_METRICS_PORT,
};

/** The embedded platform picks its own places and secrets below one directory; these cannot be set beside it. */
const {
  USERS_DATA_DIRECTORY: _users,
  USERS_KEY_ENCRYPTION_KEY: _key,
  USERS_TOKEN_ISSUER: _issuer,
  USERS_TOKEN_AUDIENCE: _audience,
  ...users
} = usersSettings;
const { PRODUCTS_DATA_DIRECTORY: _products, PRODUCTS_SEED: _seed, ...products } = productsSettings;
const { ORDERS_DATA_DIRECTORY: _orders, ...orders } = ordersSettings;

/** Every variable of `npm start`, the whole platform in one process. */
export const settingsTable = {
  TRELLIS_DATA_DIRECTORY: setting({
    schema: text,
    fallback: '.trellis',
    doc: 'Where databases and generated secrets are kept; relative to where the command is run.',
  }),
  ...gateway,
  ...users,
  ...products,
  ...orders,
  AMQP_URL: setting<string | undefined>({
    schema: url(['amqp:', 'amqps:']),
    fallback: undefined,
    doc: 'A RabbitMQ broker; without it, events travel inside the process.',
  }),
  REDIS_URL: setting<string | undefined>({
    schema: url(['redis:', 'rediss:']),
    fallback: undefined,
    doc: 'A Redis for what replicas share; without it, memory.',
  }),
  LOG_LEVEL: setting({
    schema: oneOf(logLevels),
    fallback: 'warn' as const,
    doc: `How much is logged to standard error: one of ${logLevels.join(', ')}.`,
  }),
  NODE_ENV: setting({
    schema: oneOf(['development', 'test']),
    fallback: 'development' as const,
    doc: 'The embedded platform is for development: in production, run the services by themselves.',
  }),
};

export type PlatformSettings = SettingsOf<typeof settingsTable>;

/** @throws SettingsError that lists every problem. */
export function readEnvironment(environment: Readonly<Record<string, string | undefined>>): PlatformSettings {
  // By itself, because what production would further require is not for this process.
  if (environment['NODE_ENV'] === 'production') {
    throw new SettingsError([
      'NODE_ENV must not be production: all in one process is for development; run the services by themselves',
    ]);
  }
  return parseSettings(settingsTable, environment, [
    'TRELLIS_',
    'GATEWAY_',
    'USERS_',
    'PRODUCTS_',
    'ORDERS_',
  ]);
}
