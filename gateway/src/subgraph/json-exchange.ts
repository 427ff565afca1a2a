import type { Dispatcher } from 'undici';
import { SubrequestFailure } from './subrequest-failure.ts';

/** A POST of JSON that expects JSON. */
export interface JsonPost {
  readonly origin: string;
  readonly path: string;
  /** Names and values by turns, which undici takes without copying. */
  readonly headers: string[];
  readonly body: string;
  /** Gives the exchange up. */
  readonly signal: AbortSignal;
  /** How long the whole answer may take. */
  readonly deadlineMs: number;
  /** A body of more bytes is refused. */
  readonly maxBytes: number;
}

/** What came back: the body has the type of JSON and has not been parsed. */
export interface JsonReply {
  readonly status: number;
  readonly text: string;
}

/**
 * Sends a request on a connection of the dispatcher's and reads the answer. It speaks undici's dispatch protocol itself: the body stream and
 * the abort listeners of `request` cost more than everything else that a small request needs.
 * @throws SubrequestFailure, or the signal's reason when it was aborted.
 */
export function exchangeJson(dispatcher: Dispatcher, post: JsonPost): Promise<JsonReply> {
  return new Promise((resolve, reject) => new JsonExchange(dispatcher, post, resolve, reject));
}

class JsonExchange implements Dispatcher.DispatchHandler {
  readonly #post: JsonPost;
  readonly #resolve: (reply: JsonReply) => void;
  readonly #reject: (reason: unknown) => void;
  readonly #timer: NodeJS.Timeout;
  readonly #leave: () => void;
  #controller: Dispatcher.DispatchController | undefined;
  #settled = false;
  #status = 0;
  #size = 0;
  readonly #chunks: Buffer[] = [];

  constructor(
    dispatcher: Dispatcher,
    post: JsonPost,
    resolve: (reply: JsonReply) => void,
    reject: (reason: unknown) => void,
  ) {
    this.#post = post;
    this.#resolve = resolve;
    this.#reject = reject;
    const { origin, path, headers, body, signal, deadlineMs } = post;
    this.#leave = () => this.#fail(signal.reason);
    this.#timer = setTimeout(() => this.#timeOut(), deadlineMs);
    if (signal.aborted) {
      this.#leave();
      return;
    }
    signal.addEventListener('abort', this.#leave);
    // undici follows no redirect unless told to, which is what is wanted: a subgraph that redirects could make the gateway call anything.
    dispatcher.dispatch({ origin, path, method: 'POST', headers, body }, this);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // Given up while it waited for a connection.
    if (this.#settled) this.#abort();
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200) return;
    this.#status = status;
    const type = headers['content-type'];
    const encoding = headers['content-encoding'];
    if (isJson(type) && (encoding === undefined || encoding === 'identity')) {
      if (Number(headers['content-length']) > this.#post.maxBytes) this.#tooLarge();
      return;
    }
    this.#fail(
      isSuccess(status)
        ? new SubrequestFailure(
            'SUBREQUEST_MALFORMED_RESPONSE',
            `content type ${String(type ?? 'none')}, encoding ${String(encoding)}`,
          )
        : httpFailure(status),
    );
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#settled) return;
    this.#size += chunk.length;
    if (this.#size > this.#post.maxBytes) this.#tooLarge();
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (this.#settled) return;
    this.#settle();
    const [first] = this.#chunks;
    const body = this.#chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.#chunks);
    this.#resolve({ status: this.#status, text: body.toString('utf8') });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#settled) return;
    this.#settle();
    const { code = error.name } = error as NodeJS.ErrnoException;
    this.#reject(new SubrequestFailure('SUBREQUEST_HTTP_ERROR', `${code} ${error.message}`));
  }

  #timeOut(): void {
    this.#fail(new SubrequestFailure('SUBREQUEST_TIMEOUT', `no answer in ${this.#post.deadlineMs} ms`));
  }

  #tooLarge(): void {
    const reason = `more than ${this.#post.maxBytes} bytes`;
    this.#fail(new SubrequestFailure('SUBREQUEST_RESPONSE_TOO_LARGE', reason));
  }

  #fail(reason: unknown): void {
    if (this.#settled) return;
    this.#settle();
    this.#reject(reason);
    this.#abort();
  }

  /** Ends the exchange, and with it the connection: what is still to come would be read for nobody. */
  #abort(): void {
    this.#controller?.abort(new Error('the answer is not waited for'));
  }

  #settle(): void {
    this.#settled = true;
    clearTimeout(this.#timer);
    this.#post.signal.removeEventListener('abort', this.#leave);
  }
}

const jsonType = /^application\/(graphql-response\+)?json\b/i;

function isJson(type: string | string[] | undefined): boolean {
  return typeof type === 'string' && (type === 'application/json' || jsonType.test(type));
}

/** Whether a status says that the request was served. */
export function isSuccess(status: number): boolean {
  return status >= 200 && status <= 299;
}

/** The failure that a status stands for. */
export function httpFailure(status: number): SubrequestFailure {
  return new SubrequestFailure('SUBREQUEST_HTTP_ERROR', `status ${status}`);
}
