import { createLogger } from '@trellis/lifecycle';
import { createGateway, type Gateway } from '../create-gateway.ts';
import { fixedSupergraph } from '../supergraph/supergraph-source.ts';
import { compose } from '../testing/compose.ts';
import { post } from '../testing/start-library.ts';
import { startSubgraph, type RunningSubgraph, type SubgraphSource } from '../testing/start-subgraph.ts';

const link = `extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@context", "@fromContext", "@shareable"]
)`;

const countries = [
  { id: 'c1', currency: 'EUR', cities: [{ id: 'x' }, { id: 'y' }] },
  { id: 'c2', currency: 'USD', cities: [{ id: 'x' }] },
];

const geography: SubgraphSource = {
  name: 'geography',
  typeDefs: `${link}
    type Query { countries: [Country!]! }
    type Country @key(fields: "id") { id: ID!, currency: String!, cities: [City!]! @shareable }
    type City @key(fields: "id") { id: ID! }
  `,
  resolvers: { Query: { countries: () => countries } },
};

const prices: SubgraphSource = {
  name: 'prices',
  typeDefs: `${link}
    type Query { unused: String }
    type Country @key(fields: "id") @context(name: "country") { id: ID!, currency: String! @external, cities: [City!]! @shareable }
    type City @key(fields: "id") {
      id: ID!
      rent(in: String @fromContext(field: "$country { currency }")): String
    }
  `,
  resolvers: {
    City: { rent: ({ id }: { id: string }, args: { in: string }) => `${id} in ${args.in}` },
  },
};

describe('an argument from the context', () => {
  let subgraphs: RunningSubgraph[];
  let gateway: Gateway;

  beforeAll(async () => {
    subgraphs = await Promise.all([geography, prices].map(startSubgraph));
    gateway = await createGateway({
      supergraph: fixedSupergraph(compose(subgraphs)),
      port: 0,
      logger: createLogger('gateway', 'silent'),
    });
  });
  afterAll(async () => {
    await gateway.stop();
    await Promise.all(subgraphs.map((subgraph) => subgraph.stop()));
  });

  it('has for each entity the value of its own ancestor', async () => {
    const { body } = await post(gateway.url, { query: '{ countries { cities { id rent } } }' });

    expect(body).toEqual({
      data: {
        countries: [
          {
            cities: [
              { id: 'x', rent: 'x in EUR' },
              { id: 'y', rent: 'y in EUR' },
            ],
          },
          { cities: [{ id: 'x', rent: 'x in USD' }] },
        ],
      },
    });
  });
});
