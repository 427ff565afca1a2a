import { createEvent, type Cause, type CloudEvent } from '@trellis/event-contracts';
import type { Account, Role } from '../domain/account.ts';
import type { UsersServices } from './users-services.ts';

/** Makes an account; nothing is stored yet. */
export function newAccount(
  services: UsersServices,
  details: { readonly email: string; readonly name: string; readonly role: Role },
): Account {
  return { id: services.newId(), createdAt: services.now(), ...details };
}

/** Tells the other services that an account was opened. */
export function userRegistered(services: UsersServices, account: Account, cause: Cause): CloudEvent {
  return createEvent({
    type: 'users.user-registered.v1',
    id: services.newId(),
    subject: account.id,
    time: account.createdAt,
    correlationId: cause.correlationId,
    traceparent: cause.traceparent,
    data: {
      userId: account.id,
      email: account.email,
      displayName: account.name,
      role: account.role,
      registeredAt: account.createdAt.toISOString(),
    },
  });
}
