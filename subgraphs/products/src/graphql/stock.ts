import { readPage, requireRole } from '@trellis/subgraph-server';
import { available } from '../domain/stock.ts';
import type { StockResolvers } from './generated/resolvers.ts';

export const stockResolvers: StockResolvers = {
  available: (stock) => available(stock),
  ledger({ productId }, args, { identity, loaders }) {
    requireRole(identity, 'ADMIN');
    return readPage(args, (page) => loaders.ledger.load({ productId, page }));
  },
};
