import { randomUUID } from 'node:crypto';
import { anonymous } from '@trellis/auth';
import { Supergraph } from '@apollo/federation-internals';
import type { GatewayGraphQLResponse } from '@apollo/server-gateway-interface';
import { createAborting } from '../aborting.ts';
import { pickHeaders } from '../protocol/http-context.ts';
import type { Logger } from '@trellis/lifecycle';
import type { SubgraphClient } from '../subgraph/subgraph-client.ts';
import type { SourceServices } from '../supergraph/supergraph-source.ts';
import type { DataSource } from '../subgraph/data-source.ts';

/** The data source of a subgraph: the same one as long as its URL is the same. */
export type DataSources = (subgraph: { readonly name: string; readonly url: string }) => DataSource;

/** @param build makes one; without it, a data source speaks over the client. */
export function createDataSources(
  build: ((subgraph: { name: string; url: string }) => DataSource) | undefined,
  client: SubgraphClient,
): DataSources {
  const bySubgraph = new Map<string, { readonly url: string; readonly dataSource: DataSource }>();
  return ({ name, url }) => {
    const known = bySubgraph.get(name);
    if (known?.url === url) return known.dataSource;
    const dataSource = build?.({ name, url }) ?? overClient(client, { name, url });
    bySubgraph.set(name, { url, dataSource });
    return dataSource;
  };
}

/** What managers ask with: a schema, or whether somebody is there. Operations of clients do not come this way. */
function overClient(client: SubgraphClient, subgraph: { name: string; url: string }): DataSource {
  return {
    async process({ request }): Promise<GatewayGraphQLResponse> {
      const headers = request.http?.headers;
      const names = headers === undefined ? [] : [...headers].map(([name]) => name);
      const { data, errors } = await client.send({
        subgraph,
        query: request.query ?? '',
        operationName: request.operationName,
        variables: request.variables ?? {},
        context: {
          identity: anonymous,
          correlationId: randomUUID(),
          forwardedHeaders: pickHeaders((name) => headers?.get(name) ?? undefined, names),
          signal: createAborting().signal,
        },
        signal: createAborting().signal,
      });
      return {
        ...(data === undefined ? {} : { data: data as Record<string, unknown> | null }),
        ...(errors.length === 0 ? {} : { errors }),
      };
    },
  };
}

/** What sources of supergraphs are given, by data sources. */
export function sourceServices(dataSourceOf: DataSources, logger: Logger): SourceServices {
  return {
    getDataSource: ({ name, url }) => dataSourceOf({ name, url: url ?? '' }),
    healthCheck: (supergraphSdl) => checkSubgraphs(supergraphSdl, dataSourceOf),
    logger,
  };
}

/** Asks every subgraph of a supergraph for `__typename`. @throws Error that names each one that does not answer. */
export async function checkSubgraphs(supergraphSdl: string, dataSourceOf: DataSources): Promise<void> {
  const subgraphs = Supergraph.build(supergraphSdl).subgraphsMetadata();
  const problems = await Promise.all(
    subgraphs.map(async ({ name, url }) => {
      try {
        const { errors = [] } = await dataSourceOf({ name, url }).process({
          kind: 'health check',
          request: { query: '{ __typename }' },
          context: {},
        });
        return errors.map(({ message }) => `${name}: ${message}`);
      } catch (error) {
        return [`${name}: ${error instanceof Error ? error.message : String(error)}`];
      }
    }),
  );
  if (problems.flat().length > 0) {
    throw new Error(`subgraphs failed their health check: ${problems.flat().join('; ')}`);
  }
}
