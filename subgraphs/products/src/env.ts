import { flag, parseSettings, port, setting, text, url, type SettingsOf } from '@trellis/settings';
import { commandSettings } from '@trellis/subgraph-server';

/** The name of this subgraph in the supergraph; the gateway's identities are made out to it. */
export const subgraphName = 'products';

/** What the service reads, however it is run. */
export const serviceSettings = {
  PRODUCTS_PORT: setting({
    schema: port,
    fallback: 4002,
    doc: 'The port that the products subgraph listens on.',
  }),
  PRODUCTS_HOST: setting({
    schema: text,
    fallback: '127.0.0.1',
    doc: 'The address it binds; `0.0.0.0` opens it to other machines.',
  }),
  PRODUCTS_DATABASE_URL: setting<string | undefined>({
    schema: url(['postgres:', 'postgresql:']),
    fallback: undefined,
    requiredInProduction: true,
    doc: 'The PostgreSQL database of this service; for development an embedded one will do, which it gets without.',
  }),
  PRODUCTS_DATA_DIRECTORY: setting({
    schema: text,
    fallback: '.trellis/products',
    doc: 'Where the embedded database lives.',
  }),
  PRODUCTS_SEED: setting<boolean | undefined>({
    schema: flag,
    fallback: undefined,
    doc: 'Whether the demonstration catalogue is added at the start; without it, `true` except in production.',
  }),
};

/** What {@link startProductsService} needs to be told. */
export type ProductsSettings = SettingsOf<Omit<typeof serviceSettings, 'PRODUCTS_SEED'>> & {
  readonly PRODUCTS_SEED: boolean;
};

/** Every variable of the command that runs the service alone. */
export const settingsTable = {
  ...serviceSettings,
  PRODUCTS_GATEWAY_JWKS_URL: setting({
    schema: url(['http:', 'https:']),
    fallback: 'http://127.0.0.1:4000/.well-known/jwks.json',
    requiredInProduction: true,
    doc: "Where the gateway's keys are, by which products knows it.",
  }),
  ...commandSettings,
};

/** @throws SettingsError that lists every problem. */
export function readEnvironment(
  env: Readonly<Record<string, string | undefined>>,
): SettingsOf<typeof settingsTable> & ProductsSettings {
  const settings = parseSettings(settingsTable, env, ['PRODUCTS_']);
  // Nobody wants to find demonstration products in a real shop.
  return { ...settings, PRODUCTS_SEED: settings.PRODUCTS_SEED ?? settings.NODE_ENV !== 'production' };
}
