import type { FetchNode } from '@apollo/query-planner';
import { parse, type OperationDefinitionNode } from 'graphql';
import { createRecordingLogger } from '../../../../tests/support/recording-logger.ts';
import { planOperation } from '../../operation/plan-operation.ts';
import type { PlannedOperation } from '../../operation/planned-operation.ts';
import { createPresentResult } from '../../security/present-errors.ts';
import type { SubgraphClient } from '../../subgraph/subgraph-client.ts';
import { createLibraryGeneration } from '../../testing/library-generation.ts';
import { createAborting } from '../../aborting.ts';
import { createEngine, type Engine } from '../engine.ts';

const generation = createLibraryGeneration();
const data = { me: { name: 'Ada' } };
const client: SubgraphClient = {
  send: async () => ({ data: structuredClone(data), errors: [] }),
  post: async () => ({ data: structuredClone(data), errors: [], escaped: false, ascii: true }),
  stream: () => Promise.reject(new Error('not a stream')),
  stop: async () => {},
};

function planned(): PlannedOperation {
  const document = parse('query Me { me { name } }');
  return planOperation(generation, 'me', document, document.definitions[0] as OperationDefinitionNode);
}

/** Some engine, and what it logs. */
function engineWithLog(): {
  ask: (of: PlannedOperation) => ReturnType<Engine['answer']>;
  log: () => unknown[];
} {
  const { logger, lines } = createRecordingLogger();
  const engine = createEngine(client, logger, createPresentResult(logger));
  const context = {
    identity: { kind: 'anonymous' },
    correlationId: 'c',
    forwardedHeaders: {},
    signal: createAborting().signal,
  } as const;
  return {
    ask: (of) => engine.answer({ generation, planned: of, variables: {}, context }),
    log: () => lines.map((line) => JSON.parse(line) as unknown),
  };
}

describe('an operation that the compiler fails on', () => {
  it('is interpreted, and the log says so once, when it is its plan', async () => {
    const { ask, log } = engineWithLog();
    const sound = planned();
    const unreadable: FetchNode = { ...(sound.plan.node as FetchNode), operation: '{ unreadable' };
    const of = { ...sound, plan: { ...sound.plan, node: unreadable } };

    expect(await ask(of)).toEqual({ kind: 'result', result: { data } });
    expect(await ask(of)).toEqual({ kind: 'result', result: { data } });
    expect(log()).toMatchObject([{ level: 50, msg: 'an operation is not compiled', operationName: 'Me' }]);
  });

  it('is executed as compiled and shaped by graphql-js when it is its response', async () => {
    const { ask, log } = engineWithLog();
    const sound = planned();
    const unheardOf = parse('query Me { me { unheardOf } }').definitions[0] as OperationDefinitionNode;
    const of = { ...sound, operation: unheardOf };

    expect(await ask(of)).toEqual({ kind: 'result', result: { data } });
    expect(await ask(of)).toEqual({ kind: 'result', result: { data } });
    expect(log()).toMatchObject([{ level: 50, err: { message: 'Person has no field unheardOf' } }]);
  });

  it('is written as it is else', async () => {
    const { ask, log } = engineWithLog();

    expect((await ask(planned())).kind).toBe('written');
    expect(log()).toEqual([]);
  });
});
