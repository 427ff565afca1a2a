const joinGraph = /(@join__graph\(\s*name:\s*"([^"]+)"\s*,?\s*url:\s*")([^"]*)(")/g;

/** Where a supergraph says that its subgraphs are, by name. */
export function subgraphUrls(supergraphSdl: string): Readonly<Record<string, string>> {
  const found = [...supergraphSdl.matchAll(joinGraph)];
  return Object.fromEntries(found.map(([, , name, url]) => [name ?? '', url ?? '']));
}

/** The same supergraph with its subgraphs elsewhere. */
export function withSubgraphUrls(supergraphSdl: string, urlOf: (name: string) => string): string {
  return supergraphSdl.replace(
    joinGraph,
    (_, before: string, name: string, __, after: string) => before + urlOf(name) + after,
  );
}
