import type { GatewayGraphQLRequestContext } from '@apollo/server-gateway-interface';
import type { RequestContext } from '../request-context.ts';
import type { SubgraphClient, SubgraphRequest } from '../subgraph/subgraph-client.ts';
import { readSubgraphResult, type SubgraphResult } from '../subgraph/subgraph-result.ts';
import { SubrequestFailure } from '../subgraph/subrequest-failure.ts';
import type { DataSource } from '../subgraph/data-source.ts';

type DataSourceOperation = Pick<
  SubgraphRequest,
  'subgraph' | 'query' | 'operationName' | 'variables' | 'context'
>;

/**
 * A subgraph client that leaves HTTP to data sources: one for each subgraph, as `buildService` makes them. A data source has no way to be
 * told that nobody waits any more, so what the signal says is looked at when it has answered.
 * @param incomingOf the request of Apollo Server that a context was made for.
 */
export function createDataSourceClient(
  dataSourceOf: (subgraph: { name: string; url: string }) => DataSource,
  incomingOf: (context: RequestContext) => GatewayGraphQLRequestContext,
): SubgraphClient {
  const ask = async (operation: DataSourceOperation): Promise<SubgraphResult> => {
    const { subgraph, query, operationName, variables, context } = operation;
    const incoming = incomingOf(context);
    let response: unknown;
    try {
      response = await dataSourceOf(subgraph).process({
        kind: 'incoming operation',
        request: { query, variables, ...(operationName === undefined ? {} : { operationName }) },
        incomingRequestContext: incoming,
        context: incoming.context,
      });
    } catch (error) {
      throw failureOf(error);
    }
    return readSubgraphResult(withoutHttp(response));
  };
  return {
    async send(request) {
      const result = await ask(request);
      request.signal.throwIfAborted();
      return result;
    },
    async post({ body, signal, ...request }) {
      const { query, operationName, variables } = JSON.parse(body) as DataSourceOperation;
      const result = await ask({ ...request, query, operationName, variables });
      signal.throwIfAborted();
      return { ...result, escaped: true, ascii: false };
    },
    stream: () =>
      Promise.reject(new SubrequestFailure('SUBREQUEST_HTTP_ERROR', 'a data source has no subscriptions')),
    stop: async () => {},
  };
}

/** A data source throws for an HTTP status or a broken connection, and for what its own hooks refuse. */
function failureOf(error: unknown): unknown {
  if (error instanceof SubrequestFailure) return error;
  return new SubrequestFailure(
    'SUBREQUEST_HTTP_ERROR',
    error instanceof Error ? error.message : String(error),
  );
}

function withoutHttp(response: unknown): unknown {
  if (typeof response !== 'object' || response === null) return response;
  const { http: _http, ...result } = response as Record<string, unknown>;
  return result;
}
