import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default';
import type { GatewayInterface } from '@apollo/server-gateway-interface';
import type { Logger } from '@trellis/lifecycle';
import { maxDocumentTokens } from '../operation/check-document.ts';
import type { RequestContext } from '../request-context.ts';
import { logErrors, maskError } from '../security/present-errors.ts';
import type { PersistedQueryStore } from './persisted-queries.ts';

/** Apollo Server as the gateway uses it: cross-site requests refused, no batches, no stack traces, unexpected errors masked and logged. */
export function createApolloServer(options: {
  readonly gateway: GatewayInterface;
  readonly logger: Logger;
  readonly introspection: boolean;
  readonly sandbox: boolean;
  readonly exampleQuery: string | undefined;
  readonly persistedQueries: PersistedQueryStore | undefined;
}): ApolloServer<RequestContext> {
  const { gateway, logger, exampleQuery, persistedQueries } = options;
  const landingPage = options.sandbox
    ? ApolloServerPluginLandingPageLocalDefault({
        embed: { runTelemetry: false },
        ...(exampleQuery === undefined ? {} : { document: exampleQuery }),
      })
    : ApolloServerPluginLandingPageDisabled();
  const reportErrors: ApolloServerPlugin<RequestContext> = {
    requestDidStart: async () => ({
      async didEncounterErrors({ errors, contextValue, operationName }) {
        logErrors(logger, errors, contextValue, operationName);
      },
    }),
    async unexpectedErrorProcessingRequest({ error, requestContext }) {
      logger.error(
        { err: error, correlationId: requestContext.contextValue.correlationId },
        'a request failed',
      );
    },
  };
  return new ApolloServer<RequestContext>({
    gateway,
    introspection: options.introspection,
    includeStacktraceInErrorResponses: false,
    allowBatchedHttpRequests: false,
    stopOnTerminationSignals: false,
    parseOptions: { maxLexicalTokens: maxDocumentTokens },
    formatError: maskError,
    // Cache hints are of resolvers, of which a gateway has none.
    plugins: [landingPage, reportErrors, ApolloServerPluginCacheControlDisabled()],
    // Apollo Server writes more than the operator of a gateway wants to know; what it cannot handle, the plugin above logs.
    logger: {
      debug: () => {},
      info: () => {},
      warn: (text) => logger.warn(text),
      error: (text) => logger.error(text),
    },
    ...(persistedQueries === undefined ? {} : { persistedQueries: { cache: persistedQueries } }),
  });
}
