import type { RequestListener } from 'node:http';
import type { Engine } from '../execution/engine.ts';
import type { SubgraphClient } from '../subgraph/subgraph-client.ts';
import type { SubgraphResult } from '../subgraph/subgraph-result.ts';
import { SubrequestFailure } from '../subgraph/subrequest-failure.ts';
import type { Metrics, OperationOutcome, SubrequestOutcome } from './metrics.ts';

/** Counts every request that a listener answers. */
export function measuredListener(listener: RequestListener, metrics: Metrics): RequestListener {
  return (request, response) => {
    const start = performance.now();
    response.once('close', () => {
      // 499 is what nginx calls a request whose client did not wait for the answer.
      const status = response.writableFinished ? response.statusCode : 499;
      metrics.requestAnswered(request.method ?? '', status, secondsSince(start));
    });
    listener(request, response);
  };
}

/** Counts what an engine executes and which streams are open. */
export function measuredEngine(engine: Engine, metrics: Metrics): Engine {
  const note = (type: string, outcome: OperationOutcome, start: number): void =>
    metrics.operationExecuted(type, outcome, secondsSince(start));
  return {
    async execute(request) {
      const start = performance.now();
      const type = request.planned.operation.operation;
      try {
        const result = await engine.execute(request);
        note(type, outcomeOf(result), start);
        return result;
      } catch (error) {
        note(type, 'aborted', start);
        throw error;
      }
    },
    async answer(request) {
      const start = performance.now();
      const type = request.planned.operation.operation;
      try {
        const answer = await engine.answer(request);
        // What is refused here is executed once more by the other path, and counted there.
        if (answer.kind === 'written') note(type, 'ok', start);
        else if (answer.kind === 'result') note(type, outcomeOf(answer.result), start);
        return answer;
      } catch (error) {
        note(type, 'aborted', start);
        throw error;
      }
    },
    async executeInParts(request) {
      const start = performance.now();
      const type = request.planned.operation.operation;
      try {
        const answer = await engine.executeInParts(request);
        // As long as its client waits for the first of it.
        note(type, outcomeOf(answer.kind === 'parts' ? answer.initial : answer.result), start);
        return answer;
      } catch (error) {
        note(type, 'aborted', start);
        throw error;
      }
    },
    async subscribe(request) {
      const start = performance.now();
      const answer = await engine.subscribe(request);
      if (answer.kind === 'stream') {
        note('subscription', 'ok', start);
        metrics.streamOpened();
        void answer.stream.ended.then(() => metrics.streamEnded());
      } else note('subscription', 'errors', start);
      return answer;
    },
    stop: () => engine.stop(),
  };
}

/** Counts every request to a subgraph. */
export function measuredClient(client: SubgraphClient, metrics: Metrics): SubgraphClient {
  const measured = async <T>(
    subgraph: string,
    asked: Promise<T>,
    outcome: (result: T) => SubrequestOutcome,
  ): Promise<T> => {
    const start = performance.now();
    try {
      const result = await asked;
      metrics.subgraphAsked(subgraph, outcome(result), secondsSince(start));
      return result;
    } catch (error) {
      const code = error instanceof SubrequestFailure ? error.code : 'aborted';
      metrics.subgraphAsked(subgraph, code, secondsSince(start));
      throw error;
    }
  };
  return {
    ...client,
    send: (request) => measured(request.subgraph.name, client.send(request), outcomeOf),
    post: (request) => measured(request.subgraph.name, client.post(request), outcomeOf),
    stream: (request) => measured(request.subgraph.name, client.stream(request), () => 'ok'),
  };
}

function outcomeOf({
  errors,
}: {
  readonly errors?: SubgraphResult['errors'] | readonly unknown[] | undefined;
}) {
  return errors === undefined || errors.length === 0 ? 'ok' : 'errors';
}

function secondsSince(start: number): number {
  return (performance.now() - start) / 1_000;
}
