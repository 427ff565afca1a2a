import type { Identity } from '@trellis/auth';
import { forbidden, requireUser } from '@trellis/subgraph-server';
import { readId } from '@trellis/validation';
import type { CustomerId } from '../domain/ids.ts';
import type { Viewer } from '../domain/viewer.ts';

/** @returns the logged-in caller. @throws GraphQLError UNAUTHENTICATED when there is none, FORBIDDEN when it cannot have orders. */
export function viewerOf(identity: Identity): Viewer {
  const user = requireUser(identity);
  const customerId = readId<CustomerId>(user.userId);
  if (customerId === undefined) throw forbidden();
  return { customerId, role: user.roles.includes('ADMIN') ? 'admin' : 'customer' };
}
