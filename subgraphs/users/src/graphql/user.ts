import type { UserResolvers } from './generated/resolvers.ts';
import { asSeenBy } from './mappers.ts';

/** The fields of `User`. Whoever reaches a user sees the name; the rest is for the user and for administrators. */
export const userResolvers: UserResolvers = {
  async __resolveReference({ id }, { identity, loaders }) {
    const account = await loaders.accounts.load(id);
    return account === null ? null : asSeenBy(identity, account);
  },
  id: ({ account }) => account.id,
  name: ({ account }) => account.name,
  email: ({ account, showsPrivate }) => (showsPrivate ? account.email : null),
  role: ({ account, showsPrivate }) => (showsPrivate ? account.role : null),
  createdAt: ({ account, showsPrivate }) => (showsPrivate ? account.createdAt : null),
  async orderSummary({ account, showsPrivate }, _args, { loaders }) {
    if (!showsPrivate) return null;
    const { count, spend } = await loaders.orderSummaries.load(account.id);
    return { count, spend: [...spend] };
  },
};
