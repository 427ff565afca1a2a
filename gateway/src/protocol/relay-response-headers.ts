import type { OutgoingHttpHeader, OutgoingHttpHeaders, RequestListener, ServerResponse } from 'node:http';
import type { ResponseHeaderRule } from '../subgraph/headers/header-rules.ts';
import { createResponseHeaders, type ResponseHeaders } from '../subgraph/headers/response-headers.ts';

const gathered = new WeakMap<ServerResponse, ResponseHeaders>();

/** What gathers the headers of subgraphs for a response; undefined when it is given none. */
export function responseHeadersFor(response: ServerResponse): ResponseHeaders | undefined {
  return gathered.get(response);
}

/** Gives responses the headers of subgraphs that were gathered when their own are written, in the place of their own of the same name. */
export function relayResponseHeaders(
  listener: RequestListener,
  rules: readonly ResponseHeaderRule[],
): RequestListener {
  return (request, response) => {
    const headers = createResponseHeaders(rules);
    gathered.set(response, headers);
    const writeHead = response.writeHead.bind(response) as (
      status: number,
      ...rest: unknown[]
    ) => ServerResponse;
    response.writeHead = (status: number, ...rest: unknown[]) => {
      const merged = headers.merged();
      const names = new Set(merged.map(([name]) => name));
      const others = rest.map((argument) => (isHeaders(argument) ? without(names, argument) : argument));
      for (const [name, value] of merged) response.setHeader(name, value);
      return writeHead(status, ...others);
    };
    listener(request, response);
  };
}

/** Headers as Node takes them: a record, or names and values by turns. */
type WrittenHeaders = OutgoingHttpHeaders | readonly OutgoingHttpHeader[];

function isHeaders(argument: unknown): argument is WrittenHeaders {
  return typeof argument === 'object' && argument !== null;
}

function without(names: ReadonlySet<string>, headers: WrittenHeaders): WrittenHeaders {
  if (!isList(headers)) {
    return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.has(name.toLowerCase())));
  }
  return headers.filter((_, index) => !names.has(String(headers[index - (index % 2)]).toLowerCase()));
}

function isList(headers: WrittenHeaders): headers is readonly OutgoingHttpHeader[] {
  return Array.isArray(headers);
}
