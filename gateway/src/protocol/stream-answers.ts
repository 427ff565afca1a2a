import type { Request, RequestHandler } from 'express';
import { GraphQLError } from 'graphql';
import { refusal } from '../security/refusal.ts';
import type { MakeContext } from './http-context.ts';
import { sendMultipartEvents } from './multipart-events.ts';
import { partsFormatFor, takesMultipartEvents } from './multipart-formats.ts';
import { takesJson } from './negotiate.ts';
import { readOperationParams } from './operation-params.ts';
import { refuse, refuseDocument } from './refuse.ts';
import { eventStream, sendServerSentEvents } from './server-sent-events.ts';
import type { PreparedOperation, RefusedOperation, StreamedOperations } from './streamed-operations.ts';

/** What the answer to a request may be besides events, the likeliest first. */
const otherTypes = ['application/json', 'application/graphql-response+json', 'text/html'];

/** A stream that a client takes: for subscriptions, which nothing else can carry, or rather than anything else. */
interface TakenStream {
  readonly send: typeof sendServerSentEvents | typeof sendMultipartEvents;
  readonly onlyForSubscriptions: boolean;
}

/** The streams that a client takes, by its `Accept` header (RFC 9110, section 12.5.1). */
function streamsTaken(request: Request): TakenStream[] {
  const accept = request.get('accept');
  const streams: TakenStream[] = [];
  if (request.method === 'POST' && takesMultipartEvents(accept)) {
    const onlyForSubscriptions = takesJson(request) || partsFormatFor(accept) !== undefined;
    streams.push({ send: sendMultipartEvents, onlyForSubscriptions });
  }
  // Not by `*/*`: who takes anything does not expect a stream.
  const namesEvents = accept !== undefined && /\btext\/event-stream\b/i.test(accept);
  if (namesEvents && request.accepts(eventStream) !== false) {
    const onlyForSubscriptions = request.accepts([...otherTypes, eventStream]) !== eventStream;
    streams.push({ send: sendServerSentEvents, onlyForSubscriptions });
  }
  return streams;
}

/**
 * Answers by a stream of its own each operation that nothing else can carry, or whose client prefers that. All else is left to the next handler, and nothing
 * is done for it before. A GET carries no mutation and a POST must be of JSON, so a foreign page cannot make a browser send one
 * without asking first (CORS preflight).
 * @param makeContext throws GraphQLError for a caller that is refused.
 */
export function streamAnswers(operations: StreamedOperations, makeContext: MakeContext): RequestHandler {
  return async (request, response, next) => {
    const streams = streamsTaken(request);
    const depends = streams.some(({ onlyForSubscriptions }) => onlyForSubscriptions);
    const isSubscription = depends && (await asksToSubscribe(request, operations));
    const stream = streams.find(({ onlyForSubscriptions }) => isSubscription || !onlyForSubscriptions);
    if (stream === undefined) return next();
    let prepared: PreparedOperation | RefusedOperation;
    try {
      const params = readOperationParams(request);
      prepared = await operations.prepare(params, await makeContext({ req: request, res: response }));
      if (request.method === 'GET' && prepared.kind === 'prepared' && prepared.type === 'mutation')
        throw mutationByGet();
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      return refuse(response, error);
    }
    const takesJsonToo = stream.onlyForSubscriptions;
    if (prepared.kind === 'refused' && takesJsonToo) return refuseDocument(response, prepared.errors);
    return stream.send(response, prepared);
  };
}

async function asksToSubscribe(request: Request, operations: StreamedOperations): Promise<boolean> {
  try {
    return await operations.subscribes(readOperationParams(request));
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    // Refused by whoever answers it.
    return false;
  }
}

function mutationByGet(): GraphQLError {
  return refusal('GET carries no mutations: use POST.', 'BAD_REQUEST', {
    status: 405,
    headers: { allow: 'POST' },
  });
}
