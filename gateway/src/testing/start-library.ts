import { createLogger } from '@trellis/lifecycle';
import { createGateway, type Gateway } from '../create-gateway.ts';
import type { GatewayOptions } from '../options.ts';
import { fixedSupergraph } from '../supergraph/supergraph-source.ts';
import { compose } from './compose.ts';
import { librarySubgraphs } from './library-graph.ts';
import { startSubgraph, type RunningSubgraph } from './start-subgraph.ts';

/** The library's subgraphs and a gateway in front of them. */
export interface RunningLibrary {
  readonly supergraphSdl: string;
  readonly subgraphs: Readonly<Record<string, RunningSubgraph>>;
  readonly gateway: Gateway;
  stop(): Promise<void>;
}

/** A body as a GraphQL server answers it. */
export interface GraphQLBody {
  readonly data?: unknown;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions?: Readonly<Record<string, unknown>>;
  }[];
}

/** Starts the library, with options of the test's own for the gateway. */
export async function startLibrary(options: Partial<GatewayOptions> = {}): Promise<RunningLibrary> {
  const running = await Promise.all(librarySubgraphs.map(startSubgraph));
  const supergraphSdl = compose(running);
  const gateway = await createGateway({
    supergraph: fixedSupergraph(supergraphSdl),
    port: 0,
    logger: createLogger('gateway', 'silent'),
    introspection: true,
    ...options,
  });
  return {
    supergraphSdl,
    subgraphs: Object.fromEntries(running.map((subgraph) => [subgraph.name, subgraph])),
    gateway,
    async stop() {
      await gateway.stop();
      await Promise.all(running.map((subgraph) => subgraph.stop()));
    },
  };
}

/** Posts an operation. */
export async function post(
  url: string,
  body: { query?: string; variables?: Record<string, unknown>; operationName?: string },
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: Headers; body: GraphQLBody }> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as GraphQLBody };
}
