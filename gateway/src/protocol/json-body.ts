import type { IncomingMessage } from 'node:http';
import type { Request, RequestHandler } from 'express';
import { readBody } from './read-body.ts';

/** Reads JSON bodies for Express, including those that were read before Express saw the request. */
export interface JsonBody {
  readonly middleware: RequestHandler;
  /** Passes on what was read of a request. */
  give(request: IncomingMessage, text: string): void;
}

/** @param maxBytes a body of more is refused, of whatever type; a packed one is too, because it could unpack to anything. */
export function createJsonBody(maxBytes: number): JsonBody {
  const texts = new WeakMap<IncomingMessage, string>();
  return {
    give: (request, text) => void texts.set(request, text),
    middleware(request, response, next) {
      const take = (textOf: () => string): void => {
        try {
          request.body = parseBody(textOf());
        } catch (error) {
          next(error instanceof UnreadableBody ? error : new UnreadableBody('it must be JSON', 400, error));
          return;
        }
        next();
      };
      const text = texts.get(request);
      if (text !== undefined) return take(() => text);
      readBody(request, response, maxBytes, (body) => {
        // Apollo Server wants to see that somebody looked for one.
        request.body = undefined;
        if (request.is('application/json')) take(() => decode(request, body));
        else next();
      });
    },
  };
}

/** Parses a body as Express does: an object or a list, maybe after a byte order mark. @throws SyntaxError for anything else. */
export function parseBody(text: string): unknown {
  const json = text.startsWith('\ufeff') ? text.slice(1) : text;
  const body: unknown = JSON.parse(json);
  if (typeof body !== 'object' || body === null) throw new SyntaxError('neither an object nor a list');
  return body;
}

/** A body that cannot be read. */
export class UnreadableBody extends Error {
  readonly status: number;

  /** @param advice what the client has to do about it. */
  constructor(advice: string, status: number, cause?: unknown) {
    super(advice, { cause });
    this.status = status;
  }
}

/** @throws UnreadableBody for one that is packed, or in another encoding than Unicode's. */
function decode(request: Request, body: Buffer): string {
  const encoding = request.get('content-encoding') ?? 'identity';
  if (encoding.toLowerCase() !== 'identity')
    throw new UnreadableBody('send it without content-encoding', 415);
  const [, charset = 'utf-8'] = /;\s*charset="?([^";\s]+)/i.exec(request.get('content-type') ?? '') ?? [];
  if (!/^utf-(?:8|16(?:le|be)?)$/i.test(charset)) throw new UnreadableBody('send it as UTF-8', 415);
  // An empty body is an empty request, which is refused in words of its own.
  return body.length === 0 ? '{}' : new TextDecoder(charset).decode(body);
}
