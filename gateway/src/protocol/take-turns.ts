import type { ApolloServerPlugin } from '@apollo/server';
import { ownTurn } from '../operation/own-turn.ts';
import { isPlanned } from '../operation/plan-operation.ts';
import type { RequestContext } from '../request-context.ts';
import type { SupergraphStore } from '../supergraph/supergraph-store.ts';

/** Gives each operation that Apollo Server would parse and validate, and the engine would plan, a turn of the event loop to itself. */
export function takeTurns(store: SupergraphStore): ApolloServerPlugin<RequestContext> {
  return {
    requestDidStart: async () => ({
      async didResolveSource({ schema, queryHash, request }) {
        if (!isPlanned(store.of(schema), queryHash, request.operationName)) await ownTurn();
      },
    }),
  };
}
