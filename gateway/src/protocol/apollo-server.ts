import {
  ApolloServer,
  type ApolloServerPlugin,
  type GraphQLRequestContextValidationDidStart,
  type GraphQLRequestListenerValidationDidEnd,
} from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { GatewayInterface } from '@apollo/server-gateway-interface';
import type { Logger } from '@trellis/lifecycle';
import { GraphQLError, parse, validate, type DocumentNode, type GraphQLSchema } from 'graphql';
import type { ErrorCode } from '../error-codes.ts';
import { isTooLargeToValidate, maxDocumentTokens } from '../operation/check-document.ts';
import { findInvalid, rememberInvalid } from '../operation/invalid-documents.ts';
import { operationTooLarge } from '../operation/operation-size.ts';
import { subscriptionRootRule } from '../operation/subscription-root-rule.ts';
import type { RequestContext } from '../request-context.ts';
import { logErrors, maskError } from '../security/present-errors.ts';
import type { SupergraphStore } from '../supergraph/supergraph-store.ts';
import { followSchema } from './follow-schema.ts';
import { landingPage } from './landing-page.ts';
import type { PersistedQueryStore } from './persisted-queries.ts';

/** Apollo Server as the gateway uses it: cross-site requests refused, no stack traces, unexpected errors masked and logged. */
export function createApolloServer(options: {
  readonly gateway: GatewayInterface;
  /** Where the gateway has its schemas from. */
  readonly store: SupergraphStore;
  readonly logger: Logger;
  readonly introspection: boolean;
  readonly sandbox: boolean;
  /** Whether a request may hold several operations. */
  readonly batches: boolean;
  readonly exampleQuery: string | undefined;
  readonly persistedQueries: PersistedQueryStore | undefined;
  readonly plugins: readonly ApolloServerPlugin<RequestContext>[];
}): ApolloServer<RequestContext> {
  const { gateway, store, logger, persistedQueries } = options;
  const reportErrors: ApolloServerPlugin<RequestContext> = {
    requestDidStart: async () => ({
      validationDidStart: (request) => refuseBeforeValidation(store, request),
      async didEncounterErrors({ errors, contextValue, operationName }) {
        for (const error of errors) giveCode(error);
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
    hideSchemaDetailsFromClientErrors: !options.introspection,
    includeStacktraceInErrorResponses: false,
    allowBatchedHttpRequests: options.batches,
    stopOnTerminationSignals: false,
    parseOptions: { maxLexicalTokens: maxDocumentTokens },
    formatError: maskError,
    // Cache hints are of resolvers, of which a gateway has none.
    plugins: [
      options.sandbox ? landingPage(options.exampleQuery) : ApolloServerPluginLandingPageDisabled(),
      reportErrors,
      followSchema(),
      ...options.plugins,
      ApolloServerPluginCacheControlDisabled(),
      // A key for Uplink would have Apollo Server report to its maker, and only of the operations that come this way.
      ApolloServerPluginUsageReportingDisabled(),
    ],
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

/** No schema takes it: names with two underscores are GraphQL's own. */
const invalidDocument = parse('{ __refused }');

/**
 * Apollo Server validates by the rules of graphql-js alone, of which the one on subscriptions throws, and others overflow the stack or hold everybody up; and
 * it validates an invalid document as often as it comes. So it is given another document for one that they would fail on, or that was invalid before, and
 * the error that it finds in that is exchanged.
 */
async function refuseBeforeValidation(
  store: SupergraphStore,
  request: GraphQLRequestContextValidationDidStart<RequestContext>,
): Promise<GraphQLRequestListenerValidationDidEnd> {
  const { schema, document, queryHash } = request;
  const { invalid } = store.of(schema);
  const key = `${queryHash}:apollo`;
  const known = findInvalid(invalid, key);
  const errors = known ?? refusalsOf(schema, document);
  if (errors.length === 0) {
    return async (found = []) => {
      if (found.length > 0) rememberInvalid(invalid, key, found as readonly GraphQLError[]);
    };
  }
  Object.assign(request, { document: invalidDocument });
  return async (found) => void (found as Error[]).splice(0, Infinity, ...errors);
}

/** What is wrong with a document that Apollo Server shall not validate. */
function refusalsOf(schema: GraphQLSchema, document: DocumentNode): readonly GraphQLError[] {
  if (isTooLargeToValidate(document)) return [operationTooLarge()];
  return validate(schema, document, [subscriptionRootRule]);
}

/** Refusals that Apollo Server words and gives no code, so that they would pass for faults of the gateway. */
const codes = new Map<string, ErrorCode>([
  ['provided sha does not match query', 'PERSISTED_QUERY_HASH_MISMATCH'],
  ['Unsupported persisted query version', 'BAD_REQUEST'],
]);

function giveCode(error: GraphQLError): void {
  const { message, extensions } = error;
  if (extensions['code'] === undefined && codes.has(message)) extensions['code'] = codes.get(message);
  const tooLarge = operationTooLarge();
  // To Apollo Server it is a syntax error when the parser overflows the stack, and an invalid document when nobody lets it validate one.
  if (isOverflow(error)) error.message = tooLarge.message;
  if (error.message === tooLarge.message) extensions['code'] = tooLarge.extensions['code'];
}

function isOverflow(error: GraphQLError): boolean {
  let cause: Error | undefined = error;
  while (cause instanceof GraphQLError) cause = cause.originalError;
  return cause instanceof RangeError;
}
