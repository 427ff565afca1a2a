import { requireUser } from '@trellis/subgraph-server';
import { changePassword } from '../application/change-password.ts';
import { login } from '../application/login.ts';
import { logout } from '../application/logout.ts';
import { refreshSession } from '../application/refresh-session.ts';
import { register } from '../application/register.ts';
import type { LoggedIn } from '../application/start-session.ts';
import { updateProfile } from '../application/update-profile.ts';
import type { AccountResult } from '../domain/errors.ts';
import type { Account } from '../domain/account.ts';
import { answering, answeringWithHash } from './errors.ts';
import type { MutationResolvers, ResolversTypes } from './generated/resolvers.ts';
import { asSeenByOwner } from './mappers.ts';

export const mutationResolvers: MutationResolvers = {
  register: (_parent, { input }, context, info) =>
    answeringWithHash(context, info, async () =>
      sessionPayload(await register(context.services, input, context)),
    ),

  login: (_parent, { input }, context, info) =>
    answeringWithHash(context, info, async () => sessionPayload(await login(context.services, input))),

  refreshSession: async (_parent, { refreshToken }, { services }) =>
    sessionPayload(await refreshSession(services, refreshToken)),

  logout: async (_parent, { refreshToken }, { services }) => {
    const ended = await logout(services, refreshToken);
    return ended.ok
      ? { endedSessions: ended.value, userErrors: [] }
      : { endedSessions: 0, userErrors: ended.errors };
  },

  logoutEverywhere: async (_parent, _args, { identity, services }) => {
    const { userId } = requireUser(identity);
    return { endedSessions: await services.sessions.endAll(userId), userErrors: [] };
  },

  changePassword: (_parent, { input }, context, info) =>
    answeringWithHash(context, info, async () =>
      userPayload(await changePassword(context.services, requireUser(context.identity), input)),
    ),

  updateProfile: (_parent, { input }, context) =>
    answering(context, async () =>
      userPayload(await updateProfile(context.services, requireUser(context.identity).userId, input)),
    ),
};

function sessionPayload(result: AccountResult<LoggedIn>): Awaited<ResolversTypes['SessionPayload']> {
  if (!result.ok) return { session: null, user: null, userErrors: result.errors };
  const { account, tokens } = result.value;
  return {
    session: {
      accessToken: tokens.access.token,
      accessTokenExpiresAt: tokens.access.expiresAt,
      refreshToken: tokens.refresh.token,
      refreshTokenExpiresAt: tokens.refresh.expiresAt,
    },
    user: asSeenByOwner(account),
    userErrors: [],
  };
}

function userPayload(result: AccountResult<Account>): Awaited<ResolversTypes['UserPayload']> {
  return result.ok
    ? { user: asSeenByOwner(result.value), userErrors: [] }
    : { user: null, userErrors: result.errors };
}
