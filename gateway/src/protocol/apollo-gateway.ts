import type {
  GatewayExecutor,
  GatewayGraphQLRequestContext,
  GatewayInterface,
} from '@apollo/server-gateway-interface';
import { GraphQLError, type OperationDefinitionNode } from 'graphql';
import { clientLeft } from '../execution/client-left.ts';
import type { Engine } from '../execution/engine.ts';
import { planOperation } from '../operation/plan-operation.ts';
import type { PlannedOperation } from '../operation/planned-operation.ts';
import type { RequestContext } from '../request-context.ts';
import type { Generation } from '../supergraph/generation.ts';
import type { SupergraphStore } from '../supergraph/supergraph-store.ts';

/**
 * The engine as Apollo Server's `gateway`. Apollo Server does HTTP, persisted queries, parsing and validation; planning and execution
 * are the engine's.
 */
export function createApolloGateway(store: SupergraphStore, engine: Engine): GatewayInterface {
  const executor = createExecutor({
    store,
    execute: (request) => engine.execute(request),
    contextOf: ({ context }) => context as RequestContext,
    noStreams: transports,
    onPlanned({ source, request }, { known }, planned) {
      // Where something may be deferred, it depends on the client whether it is answered; see `createDeferPlugin`.
      if (planned.deferred === undefined) known.remember(source, request.operationName ?? '', planned);
    },
  });
  return {
    onSchemaLoadOrUpdate: (callback) =>
      store.onChange(({ apiSchema, supergraphSdl }) =>
        callback({ apiSchema, coreSupergraphSdl: supergraphSdl }),
      ),
    load: async () => ({ executor }),
    stop: async () => {},
  };
}

/** What it takes to execute what Apollo Server has parsed and validated. */
interface ExecutorParts {
  readonly store: SupergraphStore;
  readonly execute: Engine['execute'];
  /** What the engine is to know of a request. */
  readonly contextOf: (request: GatewayGraphQLRequestContext) => RequestContext;
  /** What a subscription is told: Apollo Server carries none. */
  readonly noStreams: string;
  /** Is told of each operation that may be executed: whoever remembers it by its text can pass by Apollo Server from then on. */
  readonly onPlanned?: (
    request: GatewayGraphQLRequestContext,
    generation: Generation,
    planned: PlannedOperation,
  ) => void;
}

/** Plans and executes what Apollo Server has parsed and validated. */
export function createExecutor({
  store,
  execute,
  contextOf,
  noStreams,
  onPlanned,
}: ExecutorParts): GatewayExecutor {
  return async (request) => {
    // A request that was validated before a swap arrives here with the schema of then, and is planned with it.
    const generation = store.of(request.schema);
    const operation = request.operation as OperationDefinitionNode | undefined;
    if (operation === undefined) return { errors: [unknownOperation(request.request.operationName)] };
    if (operation.operation === 'subscription') return { errors: [transportRequired(noStreams)] };
    const context = contextOf(request);
    try {
      const planned = planOperation(generation, request.queryHash, request.document, operation);
      onPlanned?.(request, generation, planned);
      return await execute({
        generation,
        planned,
        variables: request.request.variables ?? {},
        context,
      });
    } catch (error) {
      if (!context.signal.aborted) throw error;
      return { errors: [clientLeft()] };
    }
  };
}

function unknownOperation(name: string | undefined): GraphQLError {
  return new GraphQLError(
    name
      ? `Unknown operation named "${name}".`
      : 'Must provide operation name if query contains multiple operations.',
  );
}

const transports =
  'Subscriptions are served over WebSocket (graphql-transport-ws), as server-sent events (Accept: text/event-stream) and in parts (Accept: multipart/mixed;subscriptionSpec=1.0).';

function transportRequired(message: string): GraphQLError {
  return new GraphQLError(message, {
    extensions: { code: 'SUBSCRIPTION_TRANSPORT_REQUIRED', http: { status: 400 } },
  });
}
