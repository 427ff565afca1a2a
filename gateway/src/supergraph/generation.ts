import { createHash } from 'node:crypto';
import {
  DEFAULT_SUPPORTED_SUPERGRAPH_FEATURES,
  Supergraph,
  type Schema as FederationSchema,
} from '@apollo/federation-internals';
import { QueryPlanner } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';
import type { SubgraphEndpoint } from '../subgraph/subgraph-endpoint.ts';
import { withUnspecificTypes } from './unspecific-types.ts';
import {
  createOperationCaches,
  operationCacheBytes,
  type OperationCaches,
} from '../operation/operation-caches.ts';
import { parseSupergraph } from './parse-supergraph.ts';
import { repairSupergraph, type PlannerRepairs } from './repair/repair-supergraph.ts';

/**
 * A supergraph in service and everything derived from it. A request keeps the generation it began with to its end, so a swap never
 * plans an operation with a schema it was not validated against.
 */
export interface Generation extends OperationCaches {
  /** SHA-256 of the supergraph's SDL. */
  readonly id: string;
  readonly supergraphSdl: string;
  /** What clients see; Apollo Server has this one, and its plugins may put resolvers of their own on it. */
  readonly apiSchema: GraphQLSchema;
  /** The same, untouched, for shaping responses. */
  readonly executionSchema: GraphQLSchema;
  /** The same for the planner's libraries. */
  readonly federatedApiSchema: FederationSchema;
  /** Everything, hidden fields and types included. */
  readonly supergraphSchema: GraphQLSchema;
  readonly planner: QueryPlanner;
  /** What was done to the supergraph before the planner got it. */
  readonly repairs: PlannerRepairs;
  /** What each subgraph has of the supergraph, by name: what a plan is checked against. */
  readonly subgraphSchemas: ReadonlyMap<string, FederationSchema>;
  readonly subgraphs: ReadonlyMap<string, SubgraphEndpoint>;
}

/** A supergraph that the gateway does not take. The message is one sentence for whoever deployed it. */
export class SupergraphRefusedError extends Error {
  override readonly name = 'SupergraphRefusedError';
}

export interface GenerationOptions {
  /** Routing URLs that replace those of the supergraph, by subgraph name. */
  readonly subgraphUrls: Readonly<Record<string, string>>;
  /** About how much memory operations that were seen may take. {@link operationCacheBytes} when absent. */
  readonly operationCacheBytes?: number;
  /** Whether the server in front can answer in parts, which `@defer` needs. True when absent. */
  readonly incremental?: boolean;
}

/**
 * Features that the supergraph may declare as needed for its security or execution. `@context` is executed by this gateway. The
 * authorization directives are not, so a supergraph that links them is refused rather than served without its protection.
 */
const supportedFeatures = new Set([
  ...DEFAULT_SUPPORTED_SUPERGRAPH_FEATURES,
  'https://specs.apollo.dev/context/v0.1',
]);

/**
 * Plans that the planner weighs against each other for one operation. Its own 10,000 hold the process up for many seconds, for a few hundred characters, where
 * fields can be had from several subgraphs; and fetches that its best plan spares are merged here anyway.
 */
const maxEvaluatedPlans = 200;

/** @throws SupergraphRefusedError when the SDL is not a supergraph that this gateway can serve. */
export function buildGeneration(supergraphSdl: string, options: GenerationOptions): Generation {
  try {
    const document = parseSupergraph(supergraphSdl);
    const supergraph = Supergraph.build(document, { supportedFeatures });
    const federatedApiSchema = supergraph.apiSchema();
    const { document: repaired, repairs } = repairSupergraph(document);
    const { incremental = true } = options;
    const planned =
      repaired === document
        ? supergraph
        : // The original has been validated; what a stand-in takes the place of may have no use of its own left.
          Supergraph.build(repaired, { supportedFeatures, validateSupergraph: false });
    return {
      id: createHash('sha256').update(supergraphSdl).digest('hex'),
      supergraphSdl,
      // `@stream` is known here so that it is refused by its name, and in no introspection, because it is not served.
      apiSchema: federatedApiSchema.toGraphQLJSSchema({
        includeDefer: incremental,
        includeStream: incremental,
      }),
      executionSchema: withUnspecificTypes(
        federatedApiSchema.toGraphQLJSSchema({ includeDefer: incremental }),
      ),
      federatedApiSchema,
      supergraphSchema: supergraph.schema.toGraphQLJSSchema(),
      planner: new QueryPlanner(planned, {
        incrementalDelivery: { enableDefer: incremental },
        debug: { maxEvaluatedPlans },
      }),
      repairs,
      subgraphSchemas: new Map(
        planned
          .subgraphs()
          .values()
          .map(({ name, schema }) => [name, schema]),
      ),
      subgraphs: subgraphEndpoints(supergraph, options.subgraphUrls),
      ...createOperationCaches(options.operationCacheBytes ?? operationCacheBytes),
    };
  } catch (error) {
    if (error instanceof SupergraphRefusedError) throw error;
    // Federation's own go over several lines.
    const reason = (error instanceof Error ? error.message : String(error)).replaceAll(/\s*\n\s*/g, ' ');
    throw new SupergraphRefusedError(`the supergraph cannot be served: ${reason}`, { cause: error });
  }
}

function subgraphEndpoints(
  supergraph: Supergraph,
  overrides: Readonly<Record<string, string>>,
): Map<string, SubgraphEndpoint> {
  const endpoints = new Map(
    supergraph.subgraphsMetadata().map(({ name, url }) => [name, { name, url: overrides[name] ?? url }]),
  );
  const unknown = Object.keys(overrides).filter((name) => !endpoints.has(name));
  if (unknown.length > 0) {
    throw new SupergraphRefusedError(
      `a URL is set for ${unknown.join(', ')}, but the supergraph has only ${[...endpoints.keys()].join(', ')}`,
    );
  }
  for (const { name, url } of endpoints.values()) {
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
      throw new SupergraphRefusedError(
        `the subgraph ${name} has no http(s) URL: set one in the supergraph or as an override`,
      );
    }
  }
  return endpoints;
}
