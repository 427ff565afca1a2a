import { ApolloServer } from '@apollo/server';
import { unwrapResolverError } from '@apollo/server/errors';
import {
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { expressMiddleware } from '@as-integrations/express5';
import type { IdentityVerifier } from '@trellis/auth';
import {
  healthRoutes,
  listen,
  readyUntil,
  runChecks,
  type HealthChecks,
  type Logger,
  type Stoppable,
} from '@trellis/lifecycle';
import express, { type Router } from 'express';
import type { GraphQLSchema } from 'graphql';
import { authenticateGateway, requestContext } from './authenticate-gateway.ts';
import { maskError } from './errors.ts';
import type { RequestContext } from './request-context.ts';
import { refuseUnknownEntities } from './refuse-unknown-entities.ts';
import { createSubscriptionHandler } from './subscription-handler.ts';

/** The path that a subgraph answers GraphQL on. */
export const graphqlPath = '/graphql';

/** More than any operation of the gateway needs, ten thousand order lines included. */
const bodyLimit = '2mb';

export interface SubgraphServerOptions<C extends RequestContext> {
  /** From `buildSubgraphSchema`. */
  readonly schema: GraphQLSchema;
  /** Makes the context of one request; DataLoaders are made here, so that none outlives its request. */
  readonly createContext: (request: RequestContext) => C;
  readonly identityVerifier: IdentityVerifier;
  /** What the subgraph cannot serve without. */
  readonly requiredChecks: HealthChecks;
  /** What it can do without for a while. */
  readonly informativeChecks?: HealthChecks;
  /** From when on it is not ready, though it still serves. */
  readonly isStopping?: () => boolean;
  readonly port: number;
  /** The setting that the port comes from. */
  readonly portSetting?: string;
  readonly host: string;
  readonly logger: Logger;
  /** Routes that need no gateway: the users' key set. */
  readonly publicRoutes?: Router;
}

/**
 * Serves a subgraph: queries and mutations as JSON, subscriptions as server-sent events (graphql-sse, distinct connections mode) on
 * `POST /graphql`, for the gateway only; `GET /health/live` and `/health/ready` for everyone.
 * @returns `url` is the server's origin.
 */
export async function startSubgraphServer<C extends RequestContext>(
  options: SubgraphServerOptions<C>,
): Promise<Stoppable & { readonly url: string; readonly port: number }> {
  const { schema, createContext, logger } = options;
  refuseUnknownEntities(schema);
  const apollo = new ApolloServer<C>({
    schema,
    // The gateway is the only caller, and its planner needs no suggestions; whoever gets past it learns nothing of the schema.
    introspection: false,
    csrfPrevention: false, // no browser reaches a subgraph: a request without the gateway's signature is refused before
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    plugins: [ApolloServerPluginLandingPageDisabled(), ApolloServerPluginInlineTraceDisabled()],
    formatError: (formatted, error) => maskError(formatted, unwrapResolverError(error), logger),
  });
  await apollo.start();
  const subscriptions = createSubscriptionHandler(schema, createContext, logger);

  const app = express();
  app.disable('x-powered-by');
  const readiness = () => runChecks(options.requiredChecks, options.informativeChecks);
  app.use(healthRoutes(readyUntil(options.isStopping ?? (() => false), readiness)));
  if (options.publicRoutes !== undefined) app.use(options.publicRoutes);
  app.use(
    graphqlPath,
    authenticateGateway(options.identityVerifier, logger),
    express.json({ limit: bodyLimit }),
    subscriptions.handle,
    expressMiddleware(apollo, { context: async ({ req }) => createContext(requestContext(req)) }),
  );
  const listener = await listen(app, options);
  return {
    url: listener.url,
    port: listener.port,
    async stop() {
      subscriptions.cut();
      await listener.stop();
      await apollo.stop();
    },
  };
}
