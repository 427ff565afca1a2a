import type { RequestContext } from '@trellis/subgraph-server';
import type { PasswordHasher } from '../application/password-hasher.ts';
import type { UsersServices } from '../application/users-services.ts';
import { limitHashing } from './hashing-limit.ts';
import { createLoaders, type Loaders } from './loaders.ts';

/** What every resolver of this subgraph has at hand. */
export type GraphQLContext = RequestContext & {
  /** The hasher among them drops what it has not begun when the request is gone. */
  readonly services: UsersServices;
  readonly loaders: Loaders;
  /** See {@link limitHashing}. */
  readonly takeHashingTurn: ReturnType<typeof limitHashing>;
};

/** Makes the context of one request. */
export function createContext(request: RequestContext, services: UsersServices): GraphQLContext {
  const { signal } = request;
  const { hash, matches, isOutdated } = services.passwords;
  const passwords: PasswordHasher = {
    hash: (password) => hash(password, signal),
    matches: (password, stored) => matches(password, stored, signal),
    isOutdated,
  };
  return {
    ...request,
    services: { ...services, passwords },
    loaders: createLoaders(services, signal),
    takeHashingTurn: limitHashing(),
  };
}
