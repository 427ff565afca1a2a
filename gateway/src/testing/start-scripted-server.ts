import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { anonymous } from '@trellis/auth';
import type { SubgraphRequest } from '../subgraph/subgraph-client.ts';
import { SubrequestFailure } from '../subgraph/subrequest-failure.ts';

/** A server that does to each request what the test says: a subgraph at its worst. */
export interface ScriptedServer {
  readonly url: string;
  /** How many requests it was sent. */
  requests(): number;
  /** Says what is done from now on. */
  answer(listener: RequestListener): void;
  /** Cuts every connection and stops. */
  stop(): Promise<void>;
}

export async function startScriptedServer(): Promise<ScriptedServer> {
  let requests = 0;
  let answer: RequestListener = () => {};
  const server = createServer((incoming, response) => {
    requests += 1;
    answer(incoming, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => requests,
    answer: (listener) => (answer = listener),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A query for a subgraph at a URL, of a client that has not left. */
export function aSubgraphRequest(url: string, signal = new AbortController().signal): SubgraphRequest {
  return {
    subgraph: { name: 'things', url },
    query: '{ thing }',
    operationName: undefined,
    variables: {},
    context: { identity: anonymous, correlationId: 'c1', forwardedHeaders: { 'x-own': 'v' }, signal },
    signal,
  };
}

/** The code of the failure that a request ends with; `answered` when it does not fail. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return 'answered';
  } catch (error) {
    return error instanceof SubrequestFailure ? error.code : String(error);
  }
}
