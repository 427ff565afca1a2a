import type { Reading } from '../../tests/chaos/invariants.ts';
import { openBroker } from './open-broker.ts';
import { openEmbedded } from './open-embedded.ts';
import type { OpenedDatabase } from './opened.ts';
import { openPostgres } from './open-postgres.ts';
import type { DatabasePlace, InstallationPlace } from './settings.ts';

/** An installation that is open to be read. */
export interface OpenedInstallation {
  readonly reading: Reading;
  /** Where each part is, by its name. */
  readonly where: Readonly<Record<string, string>>;
  /** Whether it may be at work while it is looked at. */
  readonly isRunning: boolean;
  close(): Promise<void>;
}

/** Opens every database, and the broker. @throws UnreadableError when one cannot be read; nothing is left open then. */
export async function openInstallation(place: InstallationPlace): Promise<OpenedInstallation> {
  const opened: { close(): Promise<void> }[] = [];
  const close = async (): Promise<void> => {
    for (const part of opened) await part.close();
  };
  const open = async <T extends { close(): Promise<void> }>(opening: Promise<T>): Promise<T> => {
    const part = await opening;
    opened.push(part);
    return part;
  };
  try {
    const orders = await open(openDatabase('orders', place.orders));
    const products = await open(openDatabase('products', place.products));
    const users = await open(openDatabase('users', place.users));
    const broker = place.broker && (await open(openBroker(place.broker.url, place.broker.prefix)));
    return {
      reading: {
        orders: orders.reader,
        products: products.reader,
        users: users.reader,
        ...(broker === undefined ? {} : { broker: broker.reader }),
      },
      where: {
        orders: orders.where,
        products: products.where,
        users: users.where,
        events: broker?.where ?? 'in process',
      },
      isRunning: [orders, products, users].some(({ isInUse }) => isInUse),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function openDatabase(name: 'orders' | 'products' | 'users', place: DatabasePlace): Promise<OpenedDatabase> {
  return place.kind === 'PostgreSQL' ? openPostgres(place.setting, place.url) : openEmbedded(name, place);
}
