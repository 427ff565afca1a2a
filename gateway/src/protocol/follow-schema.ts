import type { ApolloServerPlugin } from '@apollo/server';

/**
 * Lets go of the schemas of replaced supergraphs. What Apollo Server tells its plugins when it starts, it keeps for as long as it runs: with the
 * schema that is in it, the whole of the first supergraph would stay in memory. So that schema is always the latest.
 */
export function followSchema(): ApolloServerPlugin {
  return {
    serverWillStart: async (server) => ({
      schemaDidLoadOrUpdate({ apiSchema }) {
        server.schema = apiSchema;
      },
    }),
  };
}
