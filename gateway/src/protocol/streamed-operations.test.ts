import { parse, type OperationDefinitionNode } from 'graphql';
import { createRecordingLogger } from '../../../tests/support/recording-logger.ts';
import { turnsDuring } from '../../../tests/support/turns-during.ts';
import type { OperationRequest } from '../execution/operation-request.ts';
import { documentKey } from '../operation/check-document.ts';
import { planOperation } from '../operation/plan-operation.ts';
import type { RequestContext } from '../request-context.ts';
import { createResponseHeaders } from '../subgraph/headers/response-headers.ts';
import { createLibraryGeneration } from '../testing/library-generation.ts';
import { createStreamedOperations, type StreamedOperationsParts } from './streamed-operations.ts';

const context: RequestContext = {
  identity: { kind: 'anonymous' },
  correlationId: 'c1',
  forwardedHeaders: {},
  signal: new AbortController().signal,
};

describe('an operation of a transport that streams', () => {
  const generation = createLibraryGeneration();
  const boom = (): never => {
    throw new Error('password=hunter2');
  };
  const withParts = (parts: object) => {
    const { logger, lines } = createRecordingLogger();
    const operations = createStreamedOperations({
      store: { current: () => generation },
      engine: { subscribe: boom },
      apollo: { executeOperation: boom },
      documents: { find: async ({ query }: { query: string }) => query, keep: () => {} },
      logger,
      hideSuggestions: false,
      ...parts,
    } as unknown as StreamedOperationsParts);
    return { operations, lines };
  };

  it.each(['subscription { brokenFeed { id } }', '{ version }'])(
    'that fails for no known reason has a result that says so, and a line in the log (%s)',
    async (query) => {
      const { operations, lines } = withParts({});
      const prepared = await operations.prepare({ query }, context);

      expect(prepared.kind === 'prepared' && (await prepared.run())).toEqual({
        kind: 'result',
        result: {
          errors: [{ message: 'Internal server error', extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
        },
      });
      expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
        { level: 50, correlationId: 'c1' },
      ]);
    },
  );

  it('that is a subscription gathers no headers: its response has begun', async () => {
    const contexts: RequestContext[] = [];
    const subscribe = ({ context }: OperationRequest) => {
      contexts.push(context);
      return { kind: 'result', result: {} };
    };
    const { operations } = withParts({ engine: { subscribe } });
    const asked = { ...context, responseHeaders: createResponseHeaders([]) };

    const prepared = await operations.prepare({ query: 'subscription { brokenFeed { id } }' }, asked);
    if (prepared.kind === 'prepared') await prepared.run();

    expect(contexts).toEqual([{ ...context, responseHeaders: undefined }]);
  });

  it('that is new has a turn of the event loop to itself', async () => {
    const { operations } = withParts({});
    const texts = Array.from({ length: 20 }, (_each, index) => `{ new${index}: version }`);

    const turns = await turnsDuring(() =>
      Promise.all(texts.map((query) => operations.prepare({ query }, context))),
    );

    expect(turns).toBeGreaterThanOrEqual(20);
  });

  it('that is known waits for no turn', async () => {
    const { operations } = withParts({});
    const query = 'query Known { version }';
    const document = parse(query);
    planOperation(
      generation,
      documentKey(query),
      document,
      document.definitions[0] as OperationDefinitionNode,
    );
    let isNextTurn = false;
    setImmediate(() => (isNextTurn = true));

    await operations.prepare({ query, operationName: 'Known' }, context);

    expect(isNextTurn).toBe(false);
  });

  it('that cannot even be prepared has an error, and a line in the log', async () => {
    const { operations, lines } = withParts({ store: { current: boom } });

    expect(await operations.prepare({ query: '{ version }' }, context)).toMatchObject({
      kind: 'refused',
      errors: [{}],
    });
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      { level: 50, correlationId: 'c1' },
    ]);
  });
});
