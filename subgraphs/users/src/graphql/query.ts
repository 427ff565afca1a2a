import { readPage, requireRole } from '@trellis/subgraph-server';
import type { QueryResolvers } from './generated/resolvers.ts';
import { asSeenBy } from './mappers.ts';

export const queryResolvers: QueryResolvers = {
  async me(_parent, _args, { identity, loaders }) {
    if (identity.kind === 'anonymous') return null;
    const account = await loaders.accounts.load(identity.userId);
    return account === null ? null : asSeenBy(identity, account);
  },

  async user(_parent, { id }, { identity, loaders }) {
    // Asked for even where the answer will be null: whether an id exists is not to be told by the time it takes.
    const account = await loaders.accounts.load(id);
    if (account === null) return null;
    const seen = asSeenBy(identity, account);
    return seen.showsPrivate ? seen : null;
  },

  users: async (_parent, args, { identity, services }) => {
    requireRole(identity, 'ADMIN');
    const { edges, nodes, pageInfo } = await readPage(args, (page) => services.accounts.list(page));
    return {
      edges: edges.map(({ cursor, node }) => ({ cursor, node: asSeenBy(identity, node) })),
      nodes: nodes.map((account) => asSeenBy(identity, account)),
      pageInfo,
    };
  },
};
