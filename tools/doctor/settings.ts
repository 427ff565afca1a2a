import { join, resolve } from 'node:path';
import { parseSettings, setting, text, url, type SettingsOf } from '@trellis/settings';

const databaseUrl = (service: string) =>
  setting<string | undefined>({
    schema: url(['postgres:', 'postgresql:']),
    fallback: undefined,
    doc: `The PostgreSQL database of ${service}; without it, the embedded one is read.`,
  });

const directory = (service: string) =>
  setting<string | undefined>({
    schema: text,
    fallback: undefined,
    doc: `Where the embedded database of ${service} lives, if it is not ${service} below TRELLIS_DATA_DIRECTORY.`,
  });

/** What the doctor reads: the variables by which the services find the same things. */
const settingsTable = {
  ORDERS_DATABASE_URL: databaseUrl('orders'),
  PRODUCTS_DATABASE_URL: databaseUrl('products'),
  USERS_DATABASE_URL: databaseUrl('users'),
  ORDERS_DATA_DIRECTORY: directory('orders'),
  PRODUCTS_DATA_DIRECTORY: directory('products'),
  USERS_DATA_DIRECTORY: directory('users'),
  TRELLIS_DATA_DIRECTORY: setting({
    schema: text,
    fallback: '.trellis',
    doc: 'The directory of the embedded platform.',
  }),
  AMQP_URL: setting<string | undefined>({
    schema: url(['amqp:', 'amqps:']),
    fallback: undefined,
    doc: 'The RabbitMQ broker; without it, events travel in process.',
  }),
  AMQP_PREFIX: setting({
    schema: text,
    fallback: '',
    doc: 'What stands before the name of every queue.',
  }),
};

/** Where one database is. */
export type DatabasePlace =
  | { readonly kind: 'PostgreSQL'; readonly setting: string; readonly url: string }
  | {
      readonly kind: 'embedded';
      readonly setting: string;
      readonly directory: string;
      /** The data directory of the platform that it belongs to; absent for a service that is run alone. */
      readonly platform?: string;
    };

/** Where an installation is. */
export interface InstallationPlace {
  readonly orders: DatabasePlace;
  readonly products: DatabasePlace;
  readonly users: DatabasePlace;
  /** Absent: events travel in process. */
  readonly broker?: { readonly url: string; readonly prefix: string };
}

/** @throws SettingsError that lists every problem. */
export function readPlace(environment: Readonly<Record<string, string | undefined>>): InstallationPlace {
  const settings = parseSettings(settingsTable, environment);
  const { AMQP_URL, AMQP_PREFIX } = settings;
  return {
    orders: placeOf(settings, 'ORDERS'),
    products: placeOf(settings, 'PRODUCTS'),
    users: placeOf(settings, 'USERS'),
    ...(AMQP_URL === undefined ? {} : { broker: { url: AMQP_URL, prefix: AMQP_PREFIX } }),
  };
}

function placeOf(
  settings: SettingsOf<typeof settingsTable>,
  service: 'ORDERS' | 'PRODUCTS' | 'USERS',
): DatabasePlace {
  const databaseUrl = settings[`${service}_DATABASE_URL`];
  if (databaseUrl !== undefined) {
    return { kind: 'PostgreSQL', setting: `${service}_DATABASE_URL`, url: databaseUrl };
  }
  const own = settings[`${service}_DATA_DIRECTORY`];
  if (own !== undefined) {
    return { kind: 'embedded', setting: `${service}_DATA_DIRECTORY`, directory: resolve(own) };
  }
  const platform = resolve(settings.TRELLIS_DATA_DIRECTORY);
  const directory = join(platform, service.toLowerCase());
  return { kind: 'embedded', setting: 'TRELLIS_DATA_DIRECTORY', directory, platform };
}
