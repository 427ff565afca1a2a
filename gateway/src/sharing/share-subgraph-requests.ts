import { mergeInto, isJsonObject, type JsonObject } from '../json.ts';
import type { ReadResult } from '../subgraph/read-reply.ts';
import { writeRequest, type SubgraphClient, type WrittenRequest } from '../subgraph/subgraph-client.ts';
import type { SubgraphEndpoint } from '../subgraph/subgraph-endpoint.ts';
import { callerKey } from './caller-key.ts';
import { createInFlight, type InFlight } from './in-flight.ts';

/**
 * A client that sends equal queries of one caller once while they are in flight, and gives everybody who asked the answer. Each gets data of its own,
 * because execution goes on to fill it, and waits until its own operation has no time left; the request goes on while anybody waits. Mutations are
 * always sent.
 */
export function shareSubgraphRequests(client: SubgraphClient): SubgraphClient {
  const inFlight = new WeakMap<SubgraphEndpoint, InFlight<ReadResult>>();
  const inFlightTo = (subgraph: SubgraphEndpoint): InFlight<ReadResult> => {
    let known = inFlight.get(subgraph);
    if (known === undefined) inFlight.set(subgraph, (known = createInFlight(copyResult)));
    return known;
  };
  const post = (request: WrittenRequest): Promise<ReadResult> => {
    const { subgraph, body, context } = request;
    // Whoever is given headers of the response needs one of their own.
    if (request.repeatable !== true || context.responseHeaders !== undefined) return client.post(request);
    // The subgraph has its own time to answer, whoever of those that wait runs out of theirs.
    return inFlightTo(subgraph).join(callerKey(context) + body, request, (signal) =>
      client.post({ ...request, signal, deadlineAt: undefined }),
    );
  };
  return {
    ...client,
    post,
    async send(request) {
      const { data, errors } = await post({ ...request, body: writeRequest(request) });
      return { data, errors };
    },
  };
}

function copyResult(result: ReadResult): ReadResult {
  if (!isJsonObject(result.data)) return result;
  const data: JsonObject = {};
  mergeInto(data, result.data);
  return { ...result, data };
}
