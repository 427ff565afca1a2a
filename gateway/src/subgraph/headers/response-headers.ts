import { mostRestrictive } from './cache-control.ts';
import type { ResponseHeaderRule } from './header-rules.ts';

/** Gathers the headers that a client is given of the subgraphs' responses to one request of its. */
export interface ResponseHeaders {
  /** @param headers by lower-case name; undefined when the subgraph brought no response. */
  add(subgraph: string, headers: Readonly<Record<string, string | string[] | undefined>> | undefined): void;
  /** The headers as they are so far. */
  merged(): [name: string, value: string | string[]][];
}

export function createResponseHeaders(rules: readonly ResponseHeaderRule[]): ResponseHeaders {
  const values = new Map<ResponseHeaderRule, (string | undefined)[]>();
  return {
    add(subgraph, headers) {
      for (const rule of rules) {
        if (rule.subgraphs?.includes(subgraph) === false) continue;
        const value = headers?.[rule.propagate];
        const known = values.get(rule) ?? [];
        if (value !== undefined) known.push(...(Array.isArray(value) ? value : [value]));
        else if (rule.merge === 'most-restrictive') known.push(undefined);
        if (known.length > 0) values.set(rule, known);
      }
    },
    merged: () => [...values].map(([rule, known]) => [rule.propagate, merge(rule.merge, known)]),
  };
}

function merge(how: ResponseHeaderRule['merge'], values: readonly (string | undefined)[]): string | string[] {
  if (how === 'most-restrictive') return mostRestrictive(values);
  const present = values.filter((value) => value !== undefined);
  if (how === 'append') return present;
  return (how === 'first' ? present[0] : present.at(-1)) ?? '';
}
