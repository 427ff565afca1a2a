/**
 * Reads routing URLs by subgraph: `orders=http://orders:4003/graphql,users=...`, or the same as a JSON object.
 * @throws Error with what is wrong, to be put behind the setting's name.
 */
export function parseSubgraphUrls(value: string): Record<string, string> {
  const entries = value.trim().startsWith('{') ? fromJson(value) : fromList(value);
  const urls: Record<string, string> = {};
  for (const [name, url] of entries) {
    if (name === '' || typeof url !== 'string' || !isHttpUrl(url)) throw malformed();
    // Objects take it for their prototype, and it would be lost without a word.
    if (name === '__proto__') throw new Error('must not name a subgraph __proto__');
    if (Object.hasOwn(urls, name)) throw new Error(`must name each subgraph once: ${name} comes twice`);
    urls[name] = url;
  }
  return urls;
}

function fromList(value: string): [string, string][] {
  return value.split(',').map((entry) => {
    const [name = '', ...rest] = entry.split('=');
    return [name.trim(), rest.join('=').trim()];
  });
}

function fromJson(value: string): [string, unknown][] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch {
    throw malformed();
  }
  // JSON.parse keeps the last of two members with one name; of texts, those before a colon are names.
  const names = [...value.matchAll(/("(?:[^"\\]|\\.)*")\s*(:)?/g)]
    .filter(([, , colon]) => colon !== undefined)
    .map(([, name]) => JSON.parse(name!) as string);
  return names.map((name) => [name, (parsed as Record<string, unknown>)[name]]);
}

function isHttpUrl(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

function malformed(): Error {
  return new Error('must be like orders=http://host:4003/graphql,users=http://host:4001/graphql');
}
