import type { ApolloServer } from '@apollo/server';
import {
  getOperationAST,
  GraphQLError,
  type DocumentNode,
  type ExecutionResult,
  type FormattedExecutionResult,
  type OperationDefinitionNode,
} from 'graphql';
import type { Engine } from '../execution/engine.ts';
import type { PresentResult, ResultStream } from '../execution/subscribe.ts';
import { checkDocument, documentKey } from '../operation/check-document.ts';
import { planOperation } from '../operation/plan-operation.ts';
import type { PlannedOperation } from '../operation/planned-operation.ts';
import type { RequestContext } from '../request-context.ts';
import type { Generation } from '../supergraph/generation.ts';
import type { SupergraphStore } from '../supergraph/supergraph-store.ts';

/** What a client sends, whatever the transport. */
export interface OperationParams {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | null | undefined;
}

/** An operation that is known to fit the schema in service. */
export interface PreparedOperation {
  readonly kind: OperationDefinitionNode['operation'];
  readonly document: DocumentNode;
  run(context: RequestContext): Promise<ResultStream | FormattedExecutionResult>;
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
  /** @returns the operation, or the errors that it has. */
  prepare(params: OperationParams): PreparedOperation | readonly GraphQLError[];
}

/** Queries and mutations go through Apollo Server, so that its plugins and rules hold on every transport. */
export function createStreamedOperations(
  store: SupergraphStore,
  engine: Engine,
  apollo: ApolloServer<RequestContext>,
  present: PresentResult,
): StreamedOperations {
  return {
    prepare(params) {
      const generation = store.current();
      const checked = checkDocument(generation, params.query);
      if (checked.kind === 'invalid') return checked.errors;
      const { document } = checked;
      const operation = getOperationAST(document, params.operationName);
      if (operation === null || operation === undefined) return [unresolvedOperation()];
      return {
        kind: operation.operation,
        document,
        run: (context) =>
          operation.operation === 'subscription'
            ? subscribe(engine, present, generation, operation, document, params, context)
            : executeByApollo(apollo, params, context),
      };
    },
  };
}

async function subscribe(
  engine: Engine,
  present: PresentResult,
  generation: Generation,
  operation: OperationDefinitionNode,
  document: DocumentNode,
  params: OperationParams,
  context: RequestContext,
): Promise<ResultStream | FormattedExecutionResult> {
  let planned: PlannedOperation;
  try {
    planned = planOperation(generation, documentKey(params.query), document, operation);
  } catch (error) {
    if (error instanceof GraphQLError) return present({ errors: [error] }, context);
    const cause = error instanceof Error ? error : new Error(String(error));
    return present({ errors: [new GraphQLError('planning failed', { originalError: cause })] }, context);
  }
  return engine.subscribe({ generation, planned, variables: params.variables ?? {}, context });
}

async function executeByApollo(
  apollo: ApolloServer<RequestContext>,
  { query, operationName, variables, extensions }: OperationParams,
  context: RequestContext,
): Promise<FormattedExecutionResult> {
  const { body } = await apollo.executeOperation(
    {
      query,
      ...(operationName ? { operationName } : {}),
      ...(variables ? { variables: { ...variables } } : {}),
      ...(extensions ? { extensions: { ...extensions } } : {}),
    },
    { contextValue: context },
  );
  if (body.kind !== 'single') throw new Error('an incremental result where none was asked for');
  return body.singleResult;
}

function unresolvedOperation(): GraphQLError {
  return new GraphQLError('Unable to identify operation: name one of those in the document.', {
    extensions: { code: 'OPERATION_RESOLUTION_FAILURE' },
  });
}
