import { HeaderMap, type ApolloServerPlugin, type GraphQLResponse } from '@apollo/server';
import type { Logger } from '@trellis/lifecycle';
import type { ExecutionResult, GraphQLFormattedError } from 'graphql';
import { clientLeft } from '../execution/client-left.ts';
import type { Engine } from '../execution/engine.ts';
import type { AnswerInParts } from '../execution/incremental/execute-in-parts.ts';
import type { OperationRequest } from '../execution/operation-request.ts';
import { planVariables } from '../operation/client-variables.ts';
import { planOperation } from '../operation/plan-operation.ts';
import type { RequestContext } from '../request-context.ts';
import { createPresentResult } from '../security/present-errors.ts';
import { refusal } from '../security/refusal.ts';
import type { SupergraphStore } from '../supergraph/supergraph-store.ts';
import {
  firstPart,
  formatAlone,
  laterPart,
  partsAlone,
  partsFormatFor,
  type PartsFormat,
} from './multipart-formats.ts';

/**
 * Answers operations with `@defer` in parts, as `multipart/mixed`. Over HTTP, a client that does not take parts is told so, as by Apollo's own server
 * and router; over other transports, and within a batch, everything comes at once.
 */
export function createDeferPlugin(parts: {
  readonly store: SupergraphStore;
  readonly engine: Engine;
  readonly logger: Logger;
}): ApolloServerPlugin<RequestContext> {
  const { store, engine } = parts;
  const present = createPresentResult(parts.logger);
  const formatted = (errors: ExecutionResult['errors'], context: RequestContext) =>
    errors === undefined || errors.length === 0 ? [] : (present({ errors }, context).errors ?? []);

  return {
    async requestDidStart() {
      let asked: { readonly request: OperationRequest; readonly format: PartsFormat } | undefined;
      return {
        async didResolveOperation({ request, requestIsBatched, schema, contextValue, ...resolved }) {
          const { http, variables = {} } = request;
          const { source, document, operation, queryHash } = resolved;
          // What does not have the word needs no second look at its plan.
          if (http === undefined || requestIsBatched || !source.includes('defer')) return;
          if (operation === undefined || operation.operation === 'subscription') return;
          const generation = store.of(schema);
          const planned = planOperation(generation, queryHash, document, operation);
          const named = planVariables(planned.clientVariables, variables);
          if (planned.deferred?.defers(named) !== true) return;
          const format = partsFormatFor(http.headers.get('accept'));
          if (format === undefined) throw transportRequired();
          asked = { request: { generation, planned, variables, context: contextValue }, format };
        },
        async responseForOperation({ request: { http } }) {
          if (asked === undefined) return null;
          const { request, format } = asked;
          const { context } = request;
          let answer: Awaited<ReturnType<Engine['executeInParts']>>;
          try {
            answer = await engine.executeInParts(request);
          } catch (error) {
            if (!context.signal.aborted) throw error;
            answer = { kind: 'whole', result: { errors: [clientLeft()] } };
          }
          const first = answer.kind === 'parts' ? answer.initial : answer.result;
          const errors = formatted(first.errors, context);
          const initial = {
            ...(errors.length === 0 ? {} : { errors }),
            ...(first.data === undefined ? {} : { data: first.data }),
          };
          if (answer.kind === 'whole' || answer.pending.length === 0) return single(initial, statusOf(first));
          // Apollo Server writes the parts, and takes their format from the header, in which it wants a version.
          http?.headers.set('accept', partsAlone(format));
          const { pending, later } = answer;
          return {
            http: { headers: new HeaderMap() },
            body: inParts(
              { ...initial, ...firstPart(format, pending) },
              subsequent(format, later, (told) => formatted(told, context)),
            ),
          };
        },
        async willSendResponse({ request: { http }, response }) {
          // For a client that takes nothing else, an answer in one piece, refusals included, is one part; as by Apollo's router.
          if (response.body.kind !== 'single' || formatAlone(http?.headers.get('accept')) === undefined)
            return;
          response.body = inParts({ ...response.body.singleResult, hasNext: false }, nothing());
        },
      };
    },
  };
}

/** Apollo Server's types have each format by itself. */
function inParts(
  initialResult: object,
  subsequentResults: AsyncGenerator<object, void, void>,
): GraphQLResponse['body'] {
  return { kind: 'incremental', initialResult, subsequentResults } as unknown as GraphQLResponse['body'];
}

async function* nothing(): AsyncGenerator<object, void, void> {}

async function* subsequent(
  format: PartsFormat,
  later: AnswerInParts['later'],
  present: (errors: ExecutionResult['errors']) => readonly GraphQLFormattedError[],
): AsyncGenerator<object, void, void> {
  for await (const { fragments, hasNext } of later) {
    const presented = fragments.map((fragment) => ({ ...fragment, errors: present(fragment.errors) }));
    const part = laterPart(format, presented, hasNext);
    if (part !== undefined) yield part;
  }
}

function single(singleResult: object, status: number | undefined): GraphQLResponse {
  return {
    http: { headers: new HeaderMap(), ...(status === undefined ? {} : { status }) },
    body: { kind: 'single', singleResult },
  };
}

/** The HTTP status that errors of a request as a whole ask for. */
function statusOf({ errors = [] }: ExecutionResult): number | undefined {
  return errors
    .map(({ extensions }) => (extensions['http'] as { status?: number } | undefined)?.status)
    .find((status) => status !== undefined);
}

function transportRequired(): Error {
  return refusal(
    'This operation uses @defer, and the client does not take an answer in parts: send the header "Accept: multipart/mixed;deferSpec=20220824".',
    'DEFER_TRANSPORT_REQUIRED',
    { status: 406 },
  );
}
