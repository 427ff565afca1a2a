import type { Account, Role } from '../domain/account.ts';
import type { UsersServices } from './users-services.ts';

/** Makes an account; nothing is stored yet. */
export function newAccount(
  services: UsersServices,
  details: { readonly email: string; readonly name: string; readonly role: Role },
): Account {
  return { id: services.newId(), createdAt: services.now(), ...details };
}
