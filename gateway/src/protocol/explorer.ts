import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import type { RequestHandler } from 'express';

/** Where it is served. */
export const explorerPath = '/explorer';

/** What the explorer shows when it is opened. */
export interface ExplorerOptions {
  readonly endpoint: string;
  readonly title: string;
  readonly defaultQuery: string | undefined;
}

/**
 * GraphiQL in one page that holds all of its code, so that it works without the internet. Subscriptions go as server-sent events, which
 * carry the headers typed into it; a WebSocket of a browser would not. The content security policy holds it to that: it cannot load
 * from, or send to, another origin (`'self'` includes WebSockets of this one: CSP 3, section 6.7.2.8).
 */
export function explorer(
  { endpoint, title, defaultQuery }: ExplorerOptions,
  renderHtml: typeof renderGraphiQL = renderGraphiQL,
): RequestHandler {
  let page: Promise<{ body: Buffer; etag: string }> | undefined;
  // A rendering that failed is not kept: the next request tries again.
  const rendered = (): Promise<{ body: Buffer; etag: string }> =>
    (page ??= render().catch((error: unknown) => {
      page = undefined;
      throw error;
    }));
  const render = async (): Promise<{ body: Buffer; etag: string }> => {
    const html = renderHtml({
      endpoint,
      title,
      subscriptionsProtocol: 'GRAPHQL_SSE',
      ...(defaultQuery === undefined ? {} : { defaultQuery }),
    });
    const body = await promisify(gzip)(html);
    return { body, etag: `"${createHash('sha256').update(body).digest('base64url')}"` };
  };
  return async (request, response) => {
    // Nine megabytes of page: rendered when first asked for, kept compressed.
    const { body, etag } = await rendered();
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.setHeader('content-security-policy', contentSecurityPolicy);
    response.setHeader('cache-control', 'no-cache');
    response.setHeader('etag', etag);
    if (request.get('if-none-match') === etag) {
      response.status(304).end();
      return;
    }
    response.vary('accept-encoding');
    if (request.acceptsEncodings('gzip') === false) {
      response.end(await promisify(gunzip)(body));
      return;
    }
    response.setHeader('content-encoding', 'gzip');
    response.end(body);
  };
}

const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
  'worker-src blob:',
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "frame-ancestors 'self'",
].join('; ');
