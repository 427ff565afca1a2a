import type { RequestContext } from '@trellis/subgraph-server';
import type { UsersServices } from '../application/users-services.ts';
import { createLoaders, type Loaders } from './loaders.ts';

/** What every resolver of this subgraph has at hand. */
export type GraphQLContext = RequestContext & {
  readonly services: UsersServices;
  readonly loaders: Loaders;
};

/** Makes the context of one request. */
export function createContext(request: RequestContext, services: UsersServices): GraphQLContext {
  return { ...request, services, loaders: createLoaders(services, request.signal) };
}
