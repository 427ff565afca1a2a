import { integer, parseSettings, port, setting, text, url, type SettingsOf } from '@trellis/settings';
import { commandSettings } from '@trellis/subgraph-server';

/** The name of this subgraph in the supergraph; the gateway's identities are made out to it. */
export const subgraphName = 'orders';

/** What the service reads, however it is run. */
export const serviceSettings = {
  ORDERS_PORT: setting({
    schema: port,
    fallback: 4003,
    doc: 'The port that the orders subgraph listens on.',
  }),
  ORDERS_HOST: setting({
    schema: text,
    fallback: '127.0.0.1',
    doc: 'The address it binds; `0.0.0.0` opens it to other machines.',
  }),
  ORDERS_DATABASE_URL: setting<string | undefined>({
    schema: url(['postgres:', 'postgresql:']),
    fallback: undefined,
    requiredInProduction: true,
    doc: 'The PostgreSQL database of this service; for development an embedded one will do, which it gets without.',
  }),
  ORDERS_DATA_DIRECTORY: setting({
    schema: text,
    fallback: '.trellis/orders',
    doc: 'Where the embedded database lives.',
  }),
  ORDERS_PENDING_SECONDS: setting({
    schema: integer(1, 86_400),
    fallback: 900,
    doc: 'How long an order may wait for its stock before it expires.',
  }),
};

export type OrdersSettings = SettingsOf<typeof serviceSettings>;

/** Every variable of the command that runs the service alone. */
export const settingsTable = {
  ...serviceSettings,
  ORDERS_GATEWAY_JWKS_URL: setting({
    schema: url(['http:', 'https:']),
    fallback: 'http://127.0.0.1:4000/.well-known/jwks.json',
    requiredInProduction: true,
    doc: "Where the gateway's keys are, by which orders knows it.",
  }),
  ...commandSettings,
};

/** @throws SettingsError that lists every problem. */
export function readEnvironment(
  env: Readonly<Record<string, string | undefined>>,
): SettingsOf<typeof settingsTable> {
  return parseSettings(settingsTable, env, ['ORDERS_']);
}
