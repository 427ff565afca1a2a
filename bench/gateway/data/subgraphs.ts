/** The four subgraphs of the bundled graph, in one process: `PORT=4301 node --import tsx bench/gateway/data/subgraphs.ts`. */
import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse, type GraphQLSchema } from 'graphql';
import { serveSubgraphs } from '../subgraph-server.ts';
import { albums, listeners, notes, type Album, type Listener, type Note } from './records.ts';

type Resolvers = Parameters<typeof buildSubgraphSchema>[0] extends infer Input
  ? Extract<Input, { resolvers?: unknown }>['resolvers']
  : never;

const albumOf = ({ ean }: Pick<Album, 'ean'>) => albums.find((album) => album.ean === ean);
const listenerOf = ({ id }: Pick<Listener, 'id'>) => listeners.find((listener) => listener.id === id);

serveSubgraphs(
  {
    listeners: subgraph('listeners', {
      Query: {
        me: () => listeners[0],
        listener: (_: unknown, { id }: { id: string }) => listenerOf({ id }),
        listeners: () => listeners,
      },
      Listener: { __resolveReference: listenerOf },
    }),
    catalogue: subgraph('catalogue', {
      Query: { newReleases: (_: unknown, { first }: { first: number }) => albums.slice(0, first) },
      Album: { __resolveReference: albumOf },
    }),
    pressings: subgraph('pressings', {
      Album: {
        // Price and weight come with the reference when they are required.
        __resolveReference: (reference: Album) => ({ ...reference, pressed: albumOf(reference)?.pressed }),
        postage: ({ price, grams }: Album) => (price > 3_000 ? 0 : Math.floor(grams / 2)),
      },
    }),
    notes: subgraph('notes', {
      Note: {
        __resolveReference: ({ id }: Note) => notes.find((note) => note.id === id),
        album: ({ ean }: Note) => ({ ean }),
        writer: ({ writerId }: Note) => listenerOf({ id: writerId }),
      },
      Listener: {
        __resolveReference: (reference: Listener) => reference,
        notes: ({ id }: Listener) => notes.filter((note) => note.writerId === id).slice(0, 2),
      },
      Album: {
        __resolveReference: (reference: Album) => reference,
        notes: ({ ean }: Album) => notes.filter((note) => note.ean === ean),
      },
    }),
  },
  Number(process.env['PORT'] ?? 4301),
);

function subgraph(name: string, resolvers: NonNullable<Resolvers>): GraphQLSchema {
  const typeDefs = parse(readFileSync(new URL(`schemas/${name}.graphql`, import.meta.url), 'utf8'));
  return buildSubgraphSchema({ typeDefs, resolvers });
}
