import { clientClosedRequest, unauthenticated } from '@trellis/subgraph-server';
import { GraphQLError, type GraphQLResolveInfo } from 'graphql';
import { PasswordHasherBusyError } from '../application/password-hasher.ts';
import { UnknownCallerError } from '../application/users-services.ts';
import type { GraphQLContext } from './context.ts';
import type { MutationResolvers } from './generated/resolvers.ts';

/** Does a resolver's work, and turns what it throws on purpose into the error that the caller is to see. */
export async function answering<T>({ signal }: GraphQLContext, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UnknownCallerError) throw unauthenticated();
    if (error instanceof PasswordHasherBusyError) {
      throw new GraphQLError('Too many people are logging in at the moment. Try again in a few seconds.', {
        extensions: { code: 'SERVICE_UNAVAILABLE' },
      });
    }
    if (signal.aborted && error === signal.reason) throw clientClosedRequest();
    throw error;
  }
}

/** The mutations that hash a password. */
const hashing: ReadonlySet<string> = new Set<keyof MutationResolvers>([
  'login',
  'register',
  'changePassword',
]);

/** The same for a mutation that hashes a password. */
export function answeringWithHash<T>(
  context: GraphQLContext,
  info: GraphQLResolveInfo,
  work: () => Promise<T>,
): Promise<T> {
  return answering(context, () => {
    context.takeHashingTurn(info, hashing);
    return work();
  });
}
