import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Logger } from '@trellis/lifecycle';
import type { ExecutionResult } from 'graphql';
import type { SentBytes } from '../execution/compiled/json-bytes.ts';
import type { Engine } from '../execution/engine.ts';
import type { PlannedOperation } from '../operation/planned-operation.ts';
import type { RequestContext } from '../request-context.ts';
import type { Authenticate, Authenticated } from '../security/authenticate.ts';
import { formatError, logErrors } from '../security/present-errors.ts';
import type { Generation } from '../supergraph/generation.ts';
import type { SupergraphStore } from '../supergraph/supergraph-store.ts';
import { correlationHeader, correlationIdFrom } from '../telemetry/correlation.ts';
import { contextOf, headerOf, leavingOf, refuseCaller } from './http-context.ts';
import { parseBody } from './json-body.ts';
import { responseHeadersFor } from './relay-response-headers.ts';
import { isPlainPost, responseTypeFor } from './plain-post.ts';

export interface HotPathParts {
  readonly store: SupergraphStore;
  readonly engine: Engine;
  readonly authenticate: Authenticate;
  readonly forwardHeaders: readonly string[];
  readonly isAllowedOrigin: (origin: string) => boolean;
  /** What pages of other origins may read, see `exposedHeaders`. */
  readonly exposedHeaders: string;
  readonly maxRequestBytes: number;
  readonly logger: Logger;
  /** Serves every request that is not served here. */
  readonly rest: RequestListener;
  /** Tells `rest` the body of a request that was read here. */
  readonly giveBody: (request: IncomingMessage, text: string) => void;
}

/**
 * Serves the requests that make up nearly all traffic without the machinery that the others need: a plain POST of an operation that was seen before
 * (`Generation.known`), from a caller who may call, with variables that fit. All others go to `rest`, which gives the same
 * answers, only slower; refusals are always worded there.
 */
export function createHotPath(parts: HotPathParts): RequestListener {
  const { maxRequestBytes, rest, giveBody } = parts;
  return (request, response) => {
    if (!isPlainPost(request, maxRequestBytes)) return rest(request, response);
    readText(request, (text) => {
      const asked = readOperation(text);
      const generation = parts.store.current();
      const planned = asked && generation.known.find(asked.query, asked.operationName);
      const passOn = (): void => {
        giveBody(request, text);
        rest(request, response);
      };
      if (asked === undefined || planned === undefined) return passOn();
      serve(parts, request, response, { generation, planned, variables: asked.variables }, passOn).catch(
        (error: unknown) => breakDown(parts.logger, response, error),
      );
    });
  };
}

/** What a request asks for, found among the operations of a supergraph. */
interface KnownRequest {
  readonly generation: Generation;
  readonly planned: PlannedOperation;
  readonly variables: Readonly<Record<string, unknown>>;
}

async function serve(
  parts: HotPathParts,
  request: IncomingMessage,
  response: ServerResponse,
  { generation, planned, variables }: KnownRequest,
  passOn: () => void,
): Promise<void> {
  const { headers } = request;
  const signal = leavingOf(response);
  let caller: Authenticated;
  try {
    caller = await parts.authenticate(headers.authorization);
  } catch (error) {
    refuseCaller(request, error);
    return passOn();
  }
  const correlationId = correlationIdFrom(headerOf(headers, correlationHeader));
  const context = contextOf(
    headers,
    caller,
    correlationId,
    parts.forwardHeaders,
    signal,
    responseHeadersFor(response),
  );
  let answer: Awaited<ReturnType<Engine['answer']>>;
  try {
    answer = await parts.engine.answer({ generation, planned, variables, context });
  } catch (error) {
    if (signal.aborted) return;
    throw error;
  }
  if (answer.kind === 'refused') return passOn();
  const body =
    answer.kind === 'written'
      ? answer.body
      : resultBody(parts.logger, answer.result, context, planned.operation.name?.value);
  respond(parts, request, response, correlationId, body);
}

function respond(
  { isAllowedOrigin, exposedHeaders }: HotPathParts,
  { headers }: IncomingMessage,
  response: ServerResponse,
  correlationId: string,
  body: SentBytes,
): void {
  const written = [
    correlationHeader,
    correlationId,
    'vary',
    'Origin',
    // Answers depend on who asks; a cache between here and there must not give them to somebody else.
    'cache-control',
    'no-store',
    'content-type',
    responseTypeFor(headers.accept)!,
    'content-length',
    String(body.length),
  ];
  const { origin } = headers;
  if (origin !== undefined && isAllowedOrigin(origin)) {
    written.push('access-control-allow-origin', origin, 'access-control-expose-headers', exposedHeaders);
  }
  response.writeHead(200, written).end(body, 'latin1');
}

/** A result with errors, as Apollo Server would write it. */
function resultBody(
  logger: Logger,
  { errors, data }: ExecutionResult,
  context: RequestContext,
  operationName: string | undefined,
): Buffer {
  if (errors !== undefined) logErrors(logger, errors, context, operationName);
  return Buffer.from(`${JSON.stringify({ errors: errors?.map(formatError), data })}\n`);
}

function breakDown(logger: Logger, response: ServerResponse, error: unknown): void {
  logger.error({ err: error }, 'a request failed');
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const body = {
    errors: [{ message: 'Internal server error', extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
  };
  response.writeHead(500, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}

/** Reads a body whose length is known to be small. One that breaks off has nobody to answer. */
function readText(request: IncomingMessage, done: (text: string) => void): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const [first] = chunks;
    done((chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks)).toString('utf8'));
  });
}

interface AskedOperation {
  readonly query: string;
  readonly operationName: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** @returns undefined for anything but an operation with its text: wrong types, persisted queries, batches. */
function readOperation(text: string): AskedOperation | undefined {
  let body: unknown;
  try {
    body = parseBody(text);
  } catch {
    return undefined;
  }
  const { query, operationName, variables, extensions } = body as Record<string, unknown>;
  if (typeof query !== 'string' || !isAbsent(operationName, 'string') || !isAbsent(variables, 'object')) {
    return undefined;
  }
  if (Array.isArray(variables) || !isAbsent(extensions, 'object') || Array.isArray(extensions))
    return undefined;
  // Apollo Server takes an empty name for the name of an operation that is not there.
  if (operationName === '') return undefined;
  if (typeof extensions === 'object' && extensions !== null && 'persistedQuery' in extensions)
    return undefined;
  return {
    query,
    operationName: (operationName as string | null | undefined) ?? '',
    variables: (variables as Record<string, unknown> | null | undefined) ?? {},
  };
}

function isAbsent(value: unknown, orOfType: 'string' | 'object'): boolean {
  return value === undefined || value === null || typeof value === orOfType;
}
