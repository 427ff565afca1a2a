import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openDatabase, type Database, type Queryable } from '@trellis/database';
import { createLogger } from '@trellis/lifecycle';
import { graphql, type GraphQLSchema } from 'graphql';
import { createPostgresCatalogueReader } from '../../../subgraphs/products/src/persistence/postgres-catalogue-reader.ts';
import { createEmbeddedDatabase, type EmbeddedDatabase } from '../../support/embedded-database.ts';
import { addProduct, changesOf, migrations } from './stored-products.ts';
import type { GraphQLContext } from '../../../subgraphs/products/src/graphql/context.ts';
import { createLoaders } from '../../../subgraphs/products/src/graphql/loaders.ts';
import { createSchema } from '../../../subgraphs/products/src/graphql/schema.ts';

const logger = createLogger('products', 'silent');
const neverAborted = new AbortController().signal;

describe('a list of fifty products', () => {
  let place: EmbeddedDatabase;
  let database: Database;
  let schema: GraphQLSchema;
  let ids: string[];
  let statements = 0;

  beforeAll(async () => {
    place = await createEmbeddedDatabase();
    database = await openDatabase({ service: 'products', directory: place.directory, migrations }, logger);
    schema = createSchema();
    ids = [];
    for (let index = 0; index < 50; index++) {
      ids.push((await addProduct(database, { category: `shelf-${index % 7}` })).id);
    }
  });

  afterAll(async () => {
    await database.stop();
    await place.drop();
  });

  beforeEach(() => {
    statements = 0;
  });

  /** The database, with every statement counted. */
  const counted = (): Queryable =>
    new Proxy(database.query, {
      get(target, property, receiver) {
        if (property === 'select' || property === 'execute') statements += 1;
        return Reflect.get(target, property, receiver) as unknown;
      },
    });

  async function run(source: string, variableValues: Record<string, unknown> = {}): Promise<unknown> {
    const reader = createPostgresCatalogueReader(counted());
    const contextValue: GraphQLContext = {
      identity: { kind: 'user', userId: 'admin', roles: ['ADMIN'] },
      correlationId: 'test',
      logger,
      signal: neverAborted,
      reader,
      changes: changesOf(database),
      loaders: createLoaders(reader, neverAborted),
    };
    const { data, errors } = await graphql({ schema, source, variableValues, contextValue });
    expect(errors).toBeUndefined();
    return data;
  }

  const entities = (fields: string) =>
    run(`query ($r: [_Any!]!) { _entities(representations: $r) { ... on Product { ${fields} } } }`, {
      r: ids.map((id) => ({ __typename: 'Product', id })),
    });

  it('costs one statement to resolve fifty references', async () => {
    const data = await entities('id name');

    expect(data).toMatchObject({ _entities: { length: 50 } });
    expect(statements).toBe(1);
  });

  it('costs one statement for each further kind of thing that is asked of all of them', async () => {
    await entities('name stock { available } category { name productCount }');

    expect(statements).toBe(4); // products, stocks, categories, counts
  });

  it('costs one statement for the ledgers of all of them', async () => {
    const data = (await run(
      '{ products(first: 50) { nodes { stock { ledger(first: 5) { nodes { kind } } } } } }',
    )) as {
      products: { nodes: { stock: { ledger: { nodes: { kind: string }[] } } }[] };
    };

    expect(data.products.nodes.map(({ stock }) => stock.ledger.nodes)).toEqual(
      Array(50).fill([{ kind: 'INITIAL' }]),
    );
    // The list, the stocks, and the ledgers, whose statement holds another one inside.
    expect(statements).toBe(4);
  });
});
