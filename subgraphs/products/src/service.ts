import { fileURLToPath } from 'node:url';
import { openDatabase, type Database } from '@trellis/database';
import type { Logger, Stoppable } from '@trellis/lifecycle';
import { startSubgraph, type RequestContext, type SubgraphParts } from '@trellis/subgraph-server';
import { seedCatalogue } from './application/seed-catalogue.ts';
import { subgraphName, type ProductsSettings } from './env.ts';
import type { GraphQLContext } from './graphql/context.ts';
import { createLoaders } from './graphql/loaders.ts';
import { createSchema } from './graphql/schema.ts';
import { createOrderConsumers } from './messaging/order-consumers.ts';
import { createPostgresCatalogueReader } from './persistence/postgres-catalogue-reader.ts';
import { createStorage, type Storage } from './storage.ts';

const migrations = fileURLToPath(new URL('../migrations', import.meta.url));

export interface ProductsServiceOptions extends SubgraphParts {
  readonly settings: ProductsSettings;
}

/** The products subgraph at work. */
export interface ProductsService extends Stoppable {
  /** The server's origin. */
  readonly url: string;
  /** For tools beside the service, in the same process. */
  readonly database: Database;
}

/**
 * Starts the products subgraph: its database with every migration applied, the demonstration catalogue if wanted, its part in the order saga,
 * and its server.
 * @throws when one of them cannot start; nothing is left running then.
 */
export async function startProductsService(options: ProductsServiceOptions): Promise<ProductsService> {
  const { settings, logger } = options;
  const { url, stop, subgraph } = await startSubgraph({
    ...options,
    name: subgraphName,
    port: settings.PRODUCTS_PORT,
    host: settings.PRODUCTS_HOST,
    async assemble(running) {
      const database = running.add(
        await openDatabase(
          {
            service: subgraphName,
            url: settings.PRODUCTS_DATABASE_URL,
            directory: settings.PRODUCTS_DATA_DIRECTORY,
            migrations,
          },
          logger,
        ),
      );
      const storage = createStorage(database);
      if (settings.PRODUCTS_SEED) await seed(database, storage, logger);
      return {
        database,
        schema: createSchema(),
        createContext: contextFactory(database, storage),
        consumers: createOrderConsumers({ database, unitOfWork: storage.unitOfWork, now: storage.now }),
      };
    },
  });
  return { url, stop, database: subgraph.database };
}

function contextFactory(database: Database, storage: Storage): (request: RequestContext) => GraphQLContext {
  const reader = createPostgresCatalogueReader(database.query);
  return (request) => ({
    ...request,
    reader,
    changes: storage.changeContext(request),
    loaders: createLoaders(reader, request.signal),
  });
}

async function seed(database: Database, storage: Storage, logger: Logger): Promise<void> {
  const added = await seedCatalogue(storage.changeContext({}), createPostgresCatalogueReader(database.query));
  if (added > 0) logger.info({ products: added }, 'added the demonstration catalogue');
}
