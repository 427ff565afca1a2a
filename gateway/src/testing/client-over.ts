import type { ReadResult } from '../subgraph/read-reply.ts';
import { writeRequest, type SubgraphClient } from '../subgraph/subgraph-client.ts';

/** A client of subgraphs that are a function of the subgraph's name and of the request's body. It has no streams. */
export function clientOver(answer: (subgraph: string, body: string) => Promise<ReadResult>): SubgraphClient {
  return {
    async send(request) {
      const { data, errors } = await answer(request.subgraph.name, writeRequest(request));
      return { data, errors };
    },
    post: ({ subgraph, body }) => answer(subgraph.name, body),
    stream: () => Promise.reject(new Error('not a stream')),
    stop: async () => {},
  };
}
