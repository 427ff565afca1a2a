import type { ApolloServer } from '@apollo/server';
import type { Logger } from '@trellis/lifecycle';
import {
  getOperationAST,
  GraphQLError,
  parse,
  type DocumentNode,
  type ExecutionResult,
  type FormattedExecutionResult,
  type OperationDefinitionNode,
} from 'graphql';
import type { Engine } from '../execution/engine.ts';
import type { StreamedAnswer } from '../execution/result-stream.ts';
import { checkDocument, documentKey, maxDocumentTokens } from '../operation/check-document.ts';
import { ownTurn } from '../operation/own-turn.ts';
import { isPlanned, planOperation } from '../operation/plan-operation.ts';
import type { RequestContext } from '../request-context.ts';
import { createPresentResult, logErrors } from '../security/present-errors.ts';
import type { SupergraphStore } from '../supergraph/supergraph-store.ts';
import type { OperationParams } from './operation-params.ts';
import type { PersistedDocuments } from './persisted-documents.ts';

/** An operation that is known to fit the schema in service. */
export interface PreparedOperation {
  readonly kind: 'prepared';
  readonly type: OperationDefinitionNode['operation'];
  readonly document: DocumentNode;
  /** Never throws: what fails is a result with an error, and is logged. */
  run(): Promise<StreamedAnswer>;
}

/** An operation that is not run. Its errors are logged already, and have still to be formatted. */
export interface RefusedOperation {
  readonly kind: 'refused';
  readonly errors: readonly GraphQLError[];
}

/** A result as the libraries of the streaming protocols have it in their types. */
export type LibraryResult = AsyncGenerator<ExecutionResult, void, void> & ExecutionResult;

/**
 * The libraries ask for GraphQLError instances and only ever serialise them, and ours are formatted and masked already.
 */
export function asLibraryResult(
  answer:
    | StreamedAnswer
    | { readonly kind: 'stream'; readonly stream: AsyncGenerator<FormattedExecutionResult, void, void> },
): LibraryResult {
  return (answer.kind === 'stream' ? answer.stream : answer.result) as unknown as LibraryResult;
}

/** Runs operations that come over transports which can stream. */
export interface StreamedOperations {
  /** Whether it is a subscription that is asked for, as far as can be told without looking closer; nothing is logged. Never throws. */
  subscribes(params: OperationParams): Promise<boolean>;
  /** Never throws. */
  prepare(params: OperationParams, context: RequestContext): Promise<PreparedOperation | RefusedOperation>;
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
  ): Promise<PreparedOperation | RefusedOperation> {
    const source = await documents.find(params);
    if (typeof source !== 'string') return refused(source);
    const key = documentKey(source);
    if (!isPlanned(store.current(), key, params.operationName)) await ownTurn();
    const generation = store.current();
    const checked = checkDocument(generation, source, parts.hideSuggestions);
    if (checked.kind === 'invalid') return refused(...checked.errors);
    documents.keep(params);
    const { document } = checked;
    const operation = getOperationAST(document, params.operationName);
    if (operation === null || operation === undefined) return refused(unresolvedOperation());
    const run = async (): Promise<StreamedAnswer> => {
      if (operation.operation !== 'subscription')
        return { kind: 'result', result: await executeByApollo(apollo, source, params, context) };
      const planned = planOperation(generation, key, document, operation);
      return engine.subscribe({
        generation,
        planned,
        variables: params.variables ?? {},
        // The response has begun when the first event comes: what gathered headers for it would only grow, and keep the events' fetches from being shared.
        context: { ...context, responseHeaders: undefined },
      });
    };
    return {
      kind: 'prepared',
      type: operation.operation,
      document,
      async run() {
        try {
          return await run();
        } catch (error) {
          return { kind: 'result', result: present({ errors: [asGraphQLError(error)] }, context) };
        }
      },
    };
  }

  return {
    async subscribes(params) {
      try {
        const source = await documents.find(params);
        // What does not have the word need not be read.
        if (typeof source !== 'string' || !source.includes('subscription')) return false;
        const document = parse(source, { maxLexicalTokens: maxDocumentTokens, noLocation: true });
        return getOperationAST(document, params.operationName)?.operation === 'subscription';
      } catch {
        // Whoever answers it will find that too, and say so.
        return false;
      }
    },
    async prepare(params, context) {
      let prepared: PreparedOperation | RefusedOperation;
      try {
        prepared = await prepare(params, context);
      } catch (error) {
        prepared = refused(asGraphQLError(error));
      }
      if (prepared.kind === 'refused') logErrors(logger, prepared.errors, context, params.operationName);
      return prepared;
    },
  };
}

function refused(...errors: readonly GraphQLError[]): RefusedOperation {
  return { kind: 'refused', errors };
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
