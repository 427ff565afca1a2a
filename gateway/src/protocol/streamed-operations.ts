import type { ApolloServer } from '@apollo/server';
import type { Logger } from '@trellis/lifecycle';
import {
  getOperationAST,
  GraphQLError,
  type DocumentNode,
  type ExecutionResult,
  type FormattedExecutionResult,
  type OperationDefinitionNode,
} from 'graphql';
import type { Engine } from '../execution/engine.ts';
import type { ResultStream } from '../execution/subscribe.ts';
import { checkDocument, documentKey } from '../operation/check-document.ts';
import { planOperation } from '../operation/plan-operation.ts';
import type { RequestContext } from '../request-context.ts';
import { createPresentResult, logErrors } from '../security/present-errors.ts';
import type { SupergraphStore } from '../supergraph/supergraph-store.ts';
import type { OperationParams } from './operation-params.ts';
import type { PersistedDocuments } from './persisted-documents.ts';

/** An operation that is known to fit the schema in service. */
export interface PreparedOperation {
  readonly kind: OperationDefinitionNode['operation'];
  readonly document: DocumentNode;
  /** Never throws: what fails is a result with an error, and is logged. */
  run(): Promise<ResultStream | FormattedExecutionResult>;
}

/** A result as the libraries of the streaming protocols have it in their types. */
export type LibraryResult = AsyncGenerator<ExecutionResult, void, void> & ExecutionResult;

/**
 * The libraries ask for GraphQLError instances and only ever serialise them, and ours are formatted and masked already.
 */
export function asLibraryResult(
  result: AsyncGenerator<FormattedExecutionResult, void, void> | FormattedExecutionResult,
): LibraryResult {
  return result as unknown as LibraryResult;
}

/** Runs operations that come over transports which can stream. */
export interface StreamedOperations {
  /** Never throws. @returns the operation, or the errors that it has, which are logged already and have still to be formatted. */
  prepare(
    params: OperationParams,
    context: RequestContext,
  ): Promise<PreparedOperation | readonly GraphQLError[]>;
}

export interface StreamedOperationsParts {
  readonly store: SupergraphStore;
  readonly engine: Engine;
  readonly apollo: ApolloServer<RequestContext>;
  readonly documents: PersistedDocuments;
  readonly logger: Logger;
  /** Whether errors leave out what of the schema comes close to a misspelt name. */
  readonly hideSuggestions: boolean;
}

/** Queries and mutations go through Apollo Server, so that its plugins and rules hold on every transport. */
export function createStreamedOperations(parts: StreamedOperationsParts): StreamedOperations {
  const { store, engine, apollo, documents, logger } = parts;
  const present = createPresentResult(logger);

  async function prepare(
    params: OperationParams,
    context: RequestContext,
  ): Promise<PreparedOperation | readonly GraphQLError[]> {
    const source = await documents.find(params);
    if (typeof source !== 'string') return [source];
    const generation = store.current();
    const checked = checkDocument(generation, source, parts.hideSuggestions);
    if (checked.kind === 'invalid') return checked.errors;
    documents.keep(params);
    const { document } = checked;
    const operation = getOperationAST(document, params.operationName);
    if (operation === null || operation === undefined) return [unresolvedOperation()];
    const run = (): Promise<ResultStream | FormattedExecutionResult> => {
      if (operation.operation !== 'subscription') return executeByApollo(apollo, source, params, context);
      const planned = planOperation(generation, documentKey(source), document, operation);
      return engine.subscribe({ generation, planned, variables: params.variables ?? {}, context });
    };
    return {
      kind: operation.operation,
      document,
      async run() {
        try {
          return await run();
        } catch (error) {
          return present({ errors: [asGraphQLError(error)] }, context);
        }
      },
    };
  }

  return {
    async prepare(params, context) {
      let prepared: PreparedOperation | readonly GraphQLError[];
      try {
        prepared = await prepare(params, context);
      } catch (error) {
        prepared = [asGraphQLError(error)];
      }
      if ('length' in prepared) logErrors(logger, prepared, context, params.operationName);
      return prepared;
    },
  };
}

async function executeByApollo(
  apollo: ApolloServer<RequestContext>,
  query: string,
  { operationName, variables, extensions }: OperationParams,
  context: RequestContext,
): Promise<FormattedExecutionResult> {
  // The document was found already.
  const { persistedQuery: _persistedQuery, ...others } = extensions ?? {};
  const { body } = await apollo.executeOperation(
    {
      query,
      ...(operationName ? { operationName } : {}),
      ...(variables ? { variables: { ...variables } } : {}),
      extensions: others,
    },
    { contextValue: context },
  );
  if (body.kind !== 'single') throw new Error('an incremental result where none was asked for');
  return body.singleResult;
}

function asGraphQLError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  const originalError = error instanceof Error ? error : new Error(String(error));
  return new GraphQLError('an operation failed', { originalError });
}

function unresolvedOperation(): GraphQLError {
  return new GraphQLError('Unable to identify operation: name one of those in the document.', {
    extensions: { code: 'OPERATION_RESOLUTION_FAILURE' },
  });
}
