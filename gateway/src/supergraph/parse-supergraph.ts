import { GraphQLError, parse, type DocumentNode } from 'graphql';

/**
 * Reads a supergraph, and tells what else was given in its place: by the messages of its libraries nobody would know.
 * @throws Error whose message goes behind "the supergraph cannot be served: ".
 */
export function parseSupergraph(supergraphSdl: string): DocumentNode {
  const text = supergraphSdl.trimStart();
  if (text === '') throw new Error('it is empty');
  if (text.startsWith('<')) throw new Error('it is a page of HTML or XML, and no GraphQL');
  if (text.startsWith('{') || text.startsWith('['))
    throw new Error('it is JSON or an operation, and no schema');
  const document = parseText(supergraphSdl);
  const isComposed = document.definitions.some(
    (definition) => definition.kind === 'EnumTypeDefinition' && definition.name.value === 'join__Graph',
  );
  if (isComposed) return document;
  throw new Error(
    'it is the schema of a subgraph or of an API: compose the schemas of your subgraphs, as by `rover supergraph compose`, and name what comes of it',
  );
}

function parseText(supergraphSdl: string): DocumentNode {
  try {
    return parse(supergraphSdl, { noLocation: true });
  } catch (error) {
    const [location] = (error instanceof GraphQLError && error.locations) || [];
    if (location === undefined) throw error;
    const { message } = error as GraphQLError;
    throw new Error(`${message} Line ${location.line}, column ${location.column}.`, { cause: error });
  }
}
