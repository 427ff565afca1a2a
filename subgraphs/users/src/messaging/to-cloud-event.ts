import { createEvent, type Cause, type CloudEvent } from '@trellis/event-contracts';
import type { UsersEvent } from '../domain/users-event.ts';

/** Puts what happened into the form in which it leaves the service. */
export function toCloudEvent({ account }: UsersEvent, cause: Cause & { readonly id: string }): CloudEvent {
  const { id: userId, email, name: displayName, role, createdAt } = account;
  return createEvent({
    ...cause,
    type: 'users.user-registered.v1',
    subject: userId,
    time: createdAt,
    data: { userId, email, displayName, role, registeredAt: createdAt.toISOString() },
  });
}
