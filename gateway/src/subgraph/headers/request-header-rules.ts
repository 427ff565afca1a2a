import type { RequestHeaderRule } from './header-rules.ts';

/** Headers by lower-case name. */
export type Headers = Readonly<Record<string, string>>;

/** Which of a client's headers a request to one subgraph has, given those of {@link RequestHeaders.fromClient}. */
export type RewriteHeaders = (picked: Headers) => Headers;

export interface RequestHeaders {
  /** The names of the client's headers that some subgraph is given. */
  readonly fromClient: readonly string[];
  /** @returns undefined when every subgraph is given all of them as they are. */
  rewriteFor(subgraph: string): RewriteHeaders | undefined;
}

/** @param forwarded names of headers that every subgraph is given as the client sent them. */
export function createRequestHeaders(
  forwarded: readonly string[],
  rules: readonly RequestHeaderRule[] = [],
): RequestHeaders {
  const propagated = rules.flatMap((rule) => ('propagate' in rule ? [rule.propagate] : []));
  return {
    fromClient: [...new Set([...forwarded, ...propagated])],
    rewriteFor(subgraph) {
      if (rules.length === 0) return undefined;
      const own = rules.filter((rule) => rule.subgraphs?.includes(subgraph) ?? true);
      const steps = [...forwarded.map((name) => ({ propagate: name })), ...own].map(step);
      return (picked) => {
        const headers = new Map<string, string>();
        for (const apply of steps) apply(picked, headers);
        return Object.fromEntries(headers);
      };
    },
  };
}

function step(rule: RequestHeaderRule): (picked: Headers, headers: Map<string, string>) => void {
  if ('insert' in rule) return (_picked, headers) => headers.set(rule.insert, rule.value);
  if ('remove' in rule) return (_picked, headers) => headers.delete(rule.remove);
  const { propagate, as = propagate, fallback } = rule;
  return (picked, headers) => {
    const value = picked[propagate] ?? fallback;
    if (value !== undefined) headers.set(as, value);
  };
}
