import { errors as undiciErrors, type Dispatcher } from 'undici';
import type { LeaveSignal } from '../aborting.ts';
import { contentEncoding, tooLarge, type Unpack } from './content-encoding.ts';
import type { TimeoutCode } from './traffic/deadline.ts';
import { readRetryAfter } from './traffic/retry.ts';
import { isTransientStatus, SubrequestFailure } from './subrequest-failure.ts';

/** The headers of a response, by lower-case name. */
export type ReplyHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** A POST of JSON that expects JSON. */
export interface JsonPost {
  readonly origin: string;
  readonly path: string;
  /** Names and values by turns, which undici takes without copying. */
  readonly headers: string[];
  readonly body: string;
  /** Gives the exchange up. */
  readonly signal: LeaveSignal;
  /** How long the whole answer may take. */
  readonly deadlineMs: number;
  /** What it means when it takes longer. */
  readonly timeoutCode: TimeoutCode;
  /** Is told the headers of the response, whatever its status. */
  readonly onHeaders?: ((headers: ReplyHeaders) => void) | undefined;
  /** A body of more bytes, once it is unpacked, is refused. */
  readonly maxBytes: number;
}

/** What came back: the body has the type of JSON and has not been parsed. */
export interface JsonReply {
  readonly status: number;
  readonly body: Buffer;
  /** How long the subgraph asks to be left alone, when its status says to ask again. */
  readonly retryAfterMs: number | undefined;
}

/**
 * Sends a request on a connection of the dispatcher's and reads the answer. It speaks undici's dispatch protocol itself: the body stream and
 * the abort listeners of `request` cost more than everything else that a small request needs.
 * @param read makes of the answer what is wanted.
 * @throws SubrequestFailure, or the signal's reason when it was aborted; what `read` throws.
 */
export function exchangeJson<T>(
  dispatcher: Dispatcher,
  post: JsonPost,
  read: (reply: JsonReply) => T,
): Promise<T> {
  return new Promise((resolve, reject) => new JsonExchange(dispatcher, post, read, resolve, reject));
}

/** What an exchange needs until its answer is there. */
interface Waiting<T> {
  readonly post: JsonPost;
  readonly read: (reply: JsonReply) => T;
  readonly resolve: (value: T) => void;
  readonly reject: (reason: unknown) => void;
  readonly timer: NodeJS.Timeout;
  readonly leave: () => void;
  readonly chunks: Buffer[];
}

class JsonExchange<T> implements Dispatcher.DispatchHandler {
  /**
   * Absent once the promise is settled, and with it the controller. Connections that are kept are old, and exchanges that have ended stay within their reach until
   * the old generation is collected: headers and bodies that they held would survive one collection after another.
   */
  #waiting: Waiting<T> | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #retryAfterMs: number | undefined;
  #unpack: Unpack | undefined;
  #size = 0;

  constructor(
    dispatcher: Dispatcher,
    post: JsonPost,
    read: (reply: JsonReply) => T,
    resolve: (value: T) => void,
    reject: (reason: unknown) => void,
  ) {
    const { origin, path, headers, body, signal, deadlineMs } = post;
    const leave = (): void => this.#fail(signal.reason);
    const timer = setTimeout(() => this.#timeOut(), deadlineMs);
    this.#waiting = { post, read, resolve, reject, timer, leave, chunks: [] };
    if (signal.aborted) {
      leave();
      return;
    }
    signal.addEventListener('abort', leave);
    // undici follows no redirect unless told to, which is what is wanted: a subgraph that redirects could make the gateway call anything.
    dispatcher.dispatch({ origin, path, method: 'POST', headers, body }, this);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Given up while it waited for a connection.
    if (this.#waiting === undefined) abort(controller);
    else this.#controller = controller;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: ReplyHeaders): void {
    if (status < 200 || this.#waiting === undefined) return;
    const { onHeaders, maxBytes } = this.#waiting.post;
    onHeaders?.(headers);
    this.#status = status;
    if (isTransientStatus(status)) this.#retryAfterMs = readRetryAfter(headers['retry-after']);
    const type = headers['content-type'];
    const encoding = contentEncoding(headers['content-encoding']);
    if (isJson(type) && encoding !== undefined) {
      if (encoding !== 'plain') this.#unpack = encoding;
      if (Number(headers['content-length']) > maxBytes) this.#fail(tooLarge(maxBytes));
      return;
    }
    this.#fail(unreadable(status, headers, this.#retryAfterMs));
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#waiting === undefined) return;
    const { chunks, post } = this.#waiting;
    this.#size += chunk.length;
    if (this.#size > post.maxBytes) this.#fail(tooLarge(post.maxBytes));
    else chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (this.#waiting === undefined) return;
    const { chunks, post } = this.#waiting;
    const [first] = chunks;
    const body = chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks);
    if (this.#unpack === undefined) this.#succeed(body);
    else {
      this.#unpack(body, post.maxBytes).then(
        (unpacked) => this.#succeed(unpacked),
        (error: unknown) => this.#fail(error),
      );
    }
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#settle()?.reject(connectionFailure(error));
  }

  #succeed(body: Buffer): void {
    const waiting = this.#settle();
    if (waiting === undefined) return;
    try {
      waiting.resolve(waiting.read({ status: this.#status, body, retryAfterMs: this.#retryAfterMs }));
    } catch (error) {
      waiting.reject(error);
    }
  }

  #timeOut(): void {
    if (this.#waiting === undefined) return;
    const { timeoutCode, deadlineMs } = this.#waiting.post;
    const reason = `no answer in ${Math.round(deadlineMs)} ms`;
    this.#fail(new SubrequestFailure(timeoutCode, reason, { silentMs: deadlineMs }));
  }

  #fail(reason: unknown): void {
    const controller = this.#controller;
    this.#settle()?.reject(reason);
    if (controller !== undefined) abort(controller);
  }

  /** @returns what was waited with, to the first who settles it. */
  #settle(): Waiting<T> | undefined {
    const waiting = this.#waiting;
    if (waiting === undefined) return undefined;
    this.#waiting = undefined;
    this.#controller = undefined;
    clearTimeout(waiting.timer);
    waiting.post.signal.removeEventListener('abort', waiting.leave);
    return waiting;
  }
}

/** Ends an exchange, and with it the connection: what is still to come would be read for nobody. */
function abort(controller: Dispatcher.DispatchController): void {
  controller.abort(new Error('the answer is not waited for'));
}

const jsonType = /^application\/(?:graphql-response\+)?json\s*(?:;|$)/i;

/** Whether a content type says that the body may be a GraphQL response. */
export function isJson(type: string | string[] | undefined): boolean {
  return typeof type === 'string' && (type === 'application/json' || jsonType.test(type));
}

/** Whether a status says that the request was served. */
export function isSuccess(status: number): boolean {
  return status >= 200 && status <= 299;
}

/** The failure of a request that did not come to a response. */
export function connectionFailure(error: Error): SubrequestFailure {
  const { code = error.name } = error as NodeJS.ErrnoException;
  return new SubrequestFailure('SUBREQUEST_HTTP_ERROR', `${code} ${error.message}`, {
    isUnsent: error instanceof undiciErrors.InvalidArgumentError,
  });
}

/** The failure that a status stands for. */
export function httpFailure(status: number, retryAfterMs?: number): SubrequestFailure {
  return new SubrequestFailure('SUBREQUEST_HTTP_ERROR', `status ${status}`, { status, retryAfterMs });
}

/** The failure of a response whose body cannot be that of a GraphQL response. */
export function unreadable(status: number, headers: ReplyHeaders, retryAfterMs?: number): SubrequestFailure {
  if (!isSuccess(status)) return httpFailure(status, retryAfterMs);
  const { 'content-type': type = 'none', 'content-encoding': encoding = 'none' } = headers;
  return new SubrequestFailure(
    'SUBREQUEST_MALFORMED_RESPONSE',
    `content type ${String(type)}, encoding ${String(encoding)}`,
  );
}
