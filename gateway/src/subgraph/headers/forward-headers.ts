/** Headers that a subgraph cannot be given as the client sent them, by why. */
const reasons = new Map<string, string>(
  Object.entries({
    'they belong to one connection (RFC 9110, section 7.6.1)': [
      'connection',
      'keep-alive',
      'proxy-authenticate',
      'proxy-authorization',
      'proxy-connection',
      'te',
      'trailer',
      'transfer-encoding',
      'upgrade',
    ],
    'they describe the client’s request, and a subgraph is sent another one': [
      'accept',
      'accept-encoding',
      'content-encoding',
      'content-length',
      'content-type',
      'expect',
      'host',
    ],
    'subgraphs are given the gateway’s own': ['traceparent', 'x-correlation-id', 'x-gateway-identity'],
  }).flatMap(([reason, names]) => names.map((name): [string, string] => [name, reason])),
);

/**
 * What is wrong with a list of client headers that subgraphs shall be given, as a sentence; undefined when nothing is.
 * @param names in lower case.
 */
export function problemOfForwardHeaders(names: readonly string[]): string | undefined {
  const malformed = names.filter((name) => !/^[\w-]+$/.test(name));
  if (malformed.length > 0) return 'must be names of headers, with commas between them';
  const refused = names.filter((name) => reasons.has(name));
  if (refused.length === 0) return undefined;
  const because = [...new Set(refused.map((name) => reasons.get(name)))].join('; ');
  return `must be without ${refused.join(', ')}: ${because}`;
}

/**
 * Names of client headers that subgraphs shall be given, as a library's user wrote them.
 * @returns them in lower case, which is how requests have them.
 * @throws TypeError that says which of them cannot be forwarded.
 */
export function checkForwardHeaders(names: readonly string[] = []): readonly string[] {
  const lowerCase = names.map((name) => name.toLowerCase());
  const problem = problemOfForwardHeaders(lowerCase);
  if (problem !== undefined) throw new TypeError(`forwardHeaders ${problem}`);
  return lowerCase;
}
