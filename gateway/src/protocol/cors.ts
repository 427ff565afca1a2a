import type { RequestHandler } from 'express';
import type { ResponseHeaderRule } from '../subgraph/headers/header-rules.ts';
import { correlationHeader } from '../telemetry/correlation.ts';

/** Pages of Apollo's that query a local server: Sandbox on the landing page, and Studio. */
const sandboxOrigins = ['https://sandbox.embed.apollographql.com', 'https://studio.apollographql.com'];

/**
 * Tells origins whose pages may read responses.
 * @param allowed exact origins, `https://shop.example.com`.
 * @param development lets in Apollo Sandbox and pages served by this machine too.
 */
export function originCheck(allowed: readonly string[], development: boolean): (origin: string) => boolean {
  return (origin) =>
    allowed.includes(origin) || (development && (sandboxOrigins.includes(origin) || isLocal(origin)));
}

/** Whether a text is an origin as browsers send it: no path, no default port, no `*`, which matches no page. */
export function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { origin, protocol } = new URL(text);
  // What is no web page has an origin too, that of an extension or an application, and the URL standard knows none for its scheme.
  return origin === 'null'
    ? text.startsWith(`${protocol}//`) && /^[^/]+:\/\/[^/?#\s]+$/.test(text)
    : origin === text;
}

/**
 * Origins as a library's user wrote them.
 * @throws TypeError that says which of them are none: no page would ever come from there.
 */
export function checkOrigins(origins: readonly string[]): readonly string[] {
  const wrong = origins.filter((origin) => !isOrigin(origin));
  if (wrong.length === 0) return origins;
  throw new TypeError(
    `corsOrigins must be origins like https://shop.example.com, without a path; not ${wrong.join(', ')}`,
  );
}

/** Whether a page comes from the very host that a request is for. Proxies have to pass on `Host` for that. */
export function isSameOrigin(origin: string, host: string | undefined): boolean {
  return URL.canParse(origin) && new URL(origin).host === host;
}

/**
 * Which headers of responses pages of other origins may read, as `access-control-expose-headers` lists them.
 * @param rules for what the gateway passes on of its subgraphs. Cookies are no page's to read.
 */
export function exposedHeaders(rules: readonly ResponseHeaderRule[]): string {
  const propagated = rules.map(({ propagate }) => propagate).filter((name) => name !== 'set-cookie');
  return [...new Set([correlationHeader, ...propagated])].join(', ');
}

/**
 * Lets the pages of some origins read responses (Fetch standard, section 3.2). Cookies are never allowed: callers are told by their token.
 * @param exposed see `exposedHeaders`.
 */
export function cors(isAllowed: (origin: string) => boolean, exposed: string): RequestHandler {
  return (request, response, next) => {
    response.vary('Origin');
    const origin = request.get('origin');
    if (origin !== undefined && isAllowed(origin)) {
      response.setHeader('access-control-allow-origin', origin);
      response.setHeader('access-control-expose-headers', exposed);
      if (request.method === 'OPTIONS') {
        response.setHeader('access-control-allow-methods', 'GET, POST, PUT, DELETE');
        response.setHeader(
          'access-control-allow-headers',
          request.get('access-control-request-headers') ?? 'authorization, content-type',
        );
        response.setHeader('access-control-max-age', '600');
      }
    }
    if (request.method === 'OPTIONS') response.status(204).end();
    else next();
  };
}

function isLocal(origin: string): boolean {
  return URL.canParse(origin) && ['localhost', '127.0.0.1', '[::1]'].includes(new URL(origin).hostname);
}
