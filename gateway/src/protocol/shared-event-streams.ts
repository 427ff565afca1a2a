import { randomUUID } from 'node:crypto';
import { sendStream, drained } from '@trellis/lifecycle';
import type { Request, RequestHandler, Response } from 'express';
import { GraphQLError } from 'graphql';
import { createHandler, TOKEN_HEADER_KEY, type Response as LibraryResponse } from 'graphql-sse';
import type { StreamedAnswer } from '../execution/result-stream.ts';
import type { RequestContext } from '../request-context.ts';
import { formatError } from '../security/present-errors.ts';
import { refusal } from '../security/refusal.ts';
import type { MakeContext } from './http-context.ts';
import { searchOf, type OperationParams } from './operation-params.ts';
import { createOperationSlots, type OperationSlots } from './operation-slots.ts';
import { refuse } from './refuse.ts';
import { asLibraryResult, type StreamedOperations } from './streamed-operations.ts';
import { whenAsked } from './when-asked.ts';

/** Event streams that carry the results of many operations. */
export interface SharedEventStreams {
  /** Leaves everything that names no shared stream to the next handler. */
  readonly middleware: RequestHandler;
  /** Ends every stream. */
  stop(): Promise<void>;
}

/** How long a reservation waits for its stream to be opened. */
const defaultReservationMs = 30_000;
const maxReservations = 1_000;
/** So that one client does not take them all. Those who come through one proxy share this. */
const maxReservationsOfAddress = 50;

interface SharedStream {
  /** Of the client that reserved it. */
  readonly address: string;
  /** Absent while it is reserved only. */
  response?: Response;
  /** What is written to the response. */
  events?: AsyncGenerator<string, void, undefined>;
  readonly slots: OperationSlots;
  /** Fulfilled when it is reserved only no more. */
  readonly opened: Promise<void>;
  markOpened(): void;
  /** Forgets it, while it is reserved only. */
  giveUp(): void;
}

interface Exchange {
  readonly stream: SharedStream;
  readonly context: RequestContext;
}

/**
 * The graphql-sse protocol in its mode of a single connection: PUT reserves a stream and answers its token, GET opens it, POST runs an operation whose
 * results go to it, DELETE ends one. Browsers allow few connections to one host over HTTP/1.1, and this takes one. Each request
 * says itself on whose behalf it comes; none but the client knows the token.
 * @param makeContext throws GraphQLError for a caller that is refused.
 */
export function createSharedEventStreams(
  operations: Pick<StreamedOperations, 'prepare'>,
  makeContext: MakeContext,
  reservationMs = defaultReservationMs,
): SharedEventStreams {
  const streams = new Map<string, SharedStream>();
  const handler = createHandler<Request, Exchange>({
    authenticate: ({ headers }) => String(headers.get(TOKEN_HEADER_KEY)),
    onSubscribe({ context: { stream, context } }, params) {
      const results = whenAsked(
        (signal) => run(stream, params, { ...context, signal }),
        async () => {
          await stream.opened;
          if (stream.response !== undefined) await drained(stream.response);
        },
      );
      return asLibraryResult({ kind: 'stream', stream: results });
    },
  });

  async function run(
    stream: SharedStream,
    params: OperationParams,
    context: RequestContext,
  ): Promise<StreamedAnswer> {
    try {
      return await stream.slots.run(async () => {
        const prepared = await operations.prepare(params, context);
        return prepared.kind === 'refused' ? refused(prepared.errors) : prepared.run();
      });
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      return refused([error]);
    }
  }

  const ask = (method: string, token: string, request: Request, exchange: Exchange) =>
    handler({
      method,
      url: request.originalUrl,
      headers: {
        // The library wants exactly one of these, and clients send lists.
        get: (name) => {
          if (name === TOKEN_HEADER_KEY) return token;
          if (name === 'accept') return method === 'GET' ? 'text/event-stream' : '*/*';
          return request.get(name);
        },
      },
      body: request.body as Record<string, unknown> | null,
      raw: request,
      context: exchange,
    });

  async function reserve(request: Request, response: Response, context: RequestContext): Promise<void> {
    const address = request.socket.remoteAddress ?? '';
    const reserved = [...streams.values()].filter((stream) => stream.response === undefined);
    const own = reserved.filter((stream) => stream.address === address);
    if (own.length >= maxReservationsOfAddress) own[0]?.giveUp();
    else if (reserved.length >= maxReservations) throw tooManyStreams();
    const token = randomUUID();
    const giveUp = (): void => {
      streams.delete(token);
      stream.markOpened();
      // Nobody came. Opened and ended at once, it is forgotten by the library too.
      void ask('GET', token, request, exchange).then(async ([body]) => {
        if (isStream(body)) await body.return();
      });
    };
    const stream = createStream(address, giveUp);
    const exchange = { stream, context };
    const expiry = setTimeout(giveUp, reservationMs);
    void stream.opened.then(() => clearTimeout(expiry));
    streams.set(token, stream);
    answer(response, await ask('PUT', token, request, exchange));
  }

  async function open(
    token: string,
    request: Request,
    response: Response,
    exchange: Exchange,
  ): Promise<void> {
    const [body, init] = await ask('GET', token, request, exchange);
    if (!isStream(body)) return answer(response, [body, init]);
    Object.assign(exchange.stream, { response, events: body });
    exchange.stream.markOpened();
    // Whether the connection is kept is for the server to say, and what may be cached was said before.
    const { connection: _connection, 'cache-control': _cacheControl, ...headers } = init.headers ?? {};
    response.writeHead(init.status, headers);
    try {
      await sendStream(response, body);
    } finally {
      streams.delete(token);
    }
  }

  return {
    async middleware(request, response, next) {
      const token = tokenOf(request);
      if (token === undefined && request.method !== 'PUT') return next();
      try {
        const context = await makeContext({ req: request, res: response });
        // A client that comes again may name the stream that it had before; it gets a new one.
        if (request.method === 'PUT' || token === undefined) return await reserve(request, response, context);
        const stream = streams.get(token);
        if (stream === undefined) throw unknownStream();
        const exchange = { stream, context };
        if (request.method === 'POST') checkOperationId(request.body);
        if (request.method === 'GET') await open(token, request, response, exchange);
        else answer(response, await ask(request.method, token, request, exchange));
      } catch (error) {
        if (!(error instanceof GraphQLError)) throw error;
        refuse(response, error);
      }
    },
    async stop() {
      // What the operations had to say last is on its way to the streams.
      await new Promise((resolve) => setImmediate(resolve));
      await Promise.all(
        [...streams.values()].map(async ({ events, markOpened }) => {
          markOpened();
          await events?.return();
        }),
      );
    },
  };
}

function refused(errors: readonly GraphQLError[]): StreamedAnswer {
  return { kind: 'result', result: { errors: errors.map(formatError) } };
}

function createStream(address: string, giveUp: () => void): SharedStream {
  let markOpened = (): void => {};
  const opened = new Promise<void>((resolve) => (markOpened = resolve));
  return { address, slots: createOperationSlots('An event stream'), opened, markOpened, giveUp };
}

function tokenOf(request: Request): string | undefined {
  const token = request.get(TOKEN_HEADER_KEY);
  if (token !== undefined || request.method !== 'GET') return token;
  // A browser's EventSource cannot set headers.
  const search = searchOf(request);
  return search.has('query') ? undefined : (search.get('token') ?? undefined);
}

function isStream(body: LibraryResponse[0]): body is AsyncGenerator<string, void, undefined> {
  return typeof body === 'object' && body !== null;
}

function answer(response: Response, [body, { status, headers }]: LibraryResponse): void {
  response.writeHead(status, headers).end(typeof body === 'string' ? body : undefined);
}

/** The library takes whatever it is for text. What else is amiss in a body, it refuses itself. */
function checkOperationId(body: unknown): void {
  const { extensions } = (body ?? {}) as { readonly extensions?: { readonly operationId?: unknown } | null };
  const id = extensions?.operationId;
  if (id !== undefined && id !== null && typeof id !== 'string')
    throw refusal('extensions.operationId must be text.', 'BAD_REQUEST', { status: 400 });
}

function unknownStream(): GraphQLError {
  return refusal('There is no such event stream: reserve one with PUT.', 'NOT_FOUND', { status: 404 });
}

function tooManyStreams(): GraphQLError {
  return refusal('Too many event streams are reserved: try again later.', 'TOO_MANY_OPERATIONS', {
    status: 503,
    headers: { 'retry-after': '5' },
  });
}
