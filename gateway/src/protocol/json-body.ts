import type { IncomingMessage } from 'node:http';
import express, { type RequestHandler } from 'express';

/** Reads JSON bodies for Express, including those that were read before Express saw the request. */
export interface JsonBody {
  readonly middleware: RequestHandler;
  /** Passes on what was read of a request. */
  give(request: IncomingMessage, text: string): void;
}

/** @param maxBytes a body of more is refused; a packed one is too, because it could unpack to anything. */
export function createJsonBody(maxBytes: number): JsonBody {
  const texts = new WeakMap<IncomingMessage, string>();
  const read = express.json({ limit: maxBytes, inflate: false });
  return {
    give: (request, text) => void texts.set(request, text),
    middleware(request, response, next) {
      const text = texts.get(request);
      if (text === undefined) return read(request, response, next);
      try {
        request.body = parseBody(text);
      } catch (error) {
        next(Object.assign(new Error('the body is not JSON', { cause: error }), { status: 400 }));
        return;
      }
      next();
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
