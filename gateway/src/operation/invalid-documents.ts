import { GraphQLError, Kind, type ASTNode, type GraphQLErrorExtensions, type Location } from 'graphql';
import type { Cache } from './weighed-cache.ts';

/** What is wrong with a document, without the document itself. */
export interface InvalidDocument {
  readonly errors: readonly {
    readonly message: string;
    readonly locations: readonly Pick<Location, 'start' | 'end' | 'source'>[];
    readonly extensions: GraphQLErrorExtensions;
  }[];
}

/** Keeps what validation found: whoever sends the same invalid document again and again would have it validated each time, and nobody else is served meanwhile. */
export function rememberInvalid(
  cache: Cache<InvalidDocument>,
  key: string,
  errors: readonly GraphQLError[],
): void {
  cache.set(key, {
    errors: errors.map(({ message, nodes = [], extensions }) => ({
      message,
      // A node's own location holds all tokens of the document.
      locations: nodes.flatMap(({ loc }) =>
        loc === undefined ? [] : [{ start: loc.start, end: loc.end, source: loc.source }],
      ),
      extensions: { ...extensions },
    })),
  });
}

/**
 * What was found wrong with a document before.
 * @returns for each request errors of its own: plugins of Apollo Server may write into what they are given.
 */
export function findInvalid(cache: Cache<InvalidDocument>, key: string): readonly GraphQLError[] | undefined {
  return cache.get(key)?.errors.map(({ message, locations, extensions }) => {
    // Apollo Server makes errors of its own of these, and takes places from nodes alone.
    const nodes = locations.map((loc) => ({ kind: Kind.NAME, value: '', loc }) as ASTNode);
    return new GraphQLError(message, { nodes, extensions: { ...extensions } });
  });
}

/** What it takes to keep that, in bytes. */
export function invalidDocumentBytes({ errors }: InvalidDocument): number {
  const sources = new Set(errors.flatMap(({ locations }) => locations.map(({ source }) => source)));
  let bytes = 1_024;
  for (const { body } of sources) bytes += 2 * body.length;
  for (const { message, locations } of errors) bytes += 512 + 2 * message.length + 128 * locations.length;
  return bytes;
}
