import { buildSubgraphSchema } from '@apollo/subgraph';
import { DatabaseUnavailableError } from '@trellis/database';
import { GraphQLError, parse, type GraphQLSchema } from 'graphql';
import { batchWhileAwaited, requireRole, type RequestContext } from '../index.ts';

/** Thirty megabytes together: far more than the sockets between the two hold. */
export const floodEvents = 300;

/** What the resolvers of the schema did. */
export interface ShopState {
  streamsOpen: number;
  /** How many events of a flood were asked for. */
  floodTaken: number;
  /** The signal of a request for a book, once it came. */
  awaited: AbortSignal | undefined;
  /** How many authors were read. */
  authorsRead: number;
  /** Told of a read that was not made. */
  onRefusedRead: (error: unknown) => void;
}

/** A schema whose fields fail, wait and flood, each in its own way. */
export function shopSchema(state: ShopState): GraphQLSchema {
  return buildSubgraphSchema([
    {
      typeDefs: parse(`
      type Query { whoami: String, correlation: String, broken: String, refused: String, admin: String,
        book: Book, busy: String, uncoded: String, sorted(by: Order! = NAME): String, limited(input: Limit!): String }
      enum Order { NAME }
      input Limit { first: Int! = 10 }
      type Book { author: String }
      type Shelf @key(fields: "id") { id: ID! }
      type Subscription { ticks(from: Int! = 1): Int, silence: Int, failing: Int, flood: String }
    `),
      resolvers: {
        Query: {
          whoami: (_p: unknown, _a: unknown, { identity }: RequestContext) =>
            identity.kind === 'user' ? identity.userId : 'nobody',
          correlation: (_p: unknown, _a: unknown, context: RequestContext) => context.correlationId,
          broken: () => {
            throw new Error('password=hunter2 at 10.0.0.1');
          },
          busy: () => {
            throw new DatabaseUnavailableError('the database does not answer: 10.0.0.1');
          },
          uncoded: () => {
            throw new GraphQLError('select * from secrets failed');
          },
          refused: () => {
            throw new GraphQLError('not today', { extensions: { code: 'CLOSED' } });
          },
          admin: (_p: unknown, _a: unknown, { identity }: RequestContext) =>
            requireRole(identity, 'ADMIN').userId,
          /** Takes until nobody waits for it. */
          book: async (_p: unknown, _a: unknown, { signal }: RequestContext) => {
            state.awaited = signal;
            await new Promise((resolve) => signal.addEventListener('abort', resolve));
            return {};
          },
        },
        Book: {
          async author(_p: unknown, _a: unknown, { signal }: RequestContext) {
            const load = batchWhileAwaited(signal, async (ids: readonly string[]) => {
              state.authorsRead++;
              return [...ids];
            });
            return load(['ada']).catch((error: unknown) => {
              state.onRefusedRead(error);
              throw error;
            });
          },
        },
        Subscription: {
          ticks: {
            subscribe: () => ticks(state),
            resolve: ({ ticks: tick }: { ticks: number }) => {
              if (tick === 2) throw new Error('select * from secrets failed');
              return tick;
            },
          },
          failing: {
            subscribe: async function* () {
              yield { failing: 1 };
              throw new Error('the database went away');
            },
          },
          flood: {
            subscribe: async function* () {
              for (; state.floodTaken < floodEvents; state.floodTaken++) yield { flood: 'x'.repeat(100_000) };
            },
          },
          silence: {
            subscribe: async function* () {
              yield { silence: 1 };
              await new Promise(() => undefined);
            },
          },
        },
      },
    },
  ]);
}

async function* ticks(state: ShopState): AsyncGenerator<{ ticks: number }> {
  state.streamsOpen++;
  try {
    for (let tick = 1; tick <= 2; tick++) yield { ticks: tick };
  } finally {
    state.streamsOpen--;
  }
}
