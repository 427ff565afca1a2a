export { batchWhileAwaited } from './batch-while-awaited.ts';
export { commandSettings } from './command-settings.ts';
export { dateTimeScalar } from './date-time.ts';
export {
  badArgument,
  clientClosedRequest,
  forbidden,
  requireRole,
  requireUser,
  unauthenticated,
} from './errors.ts';
export { readPage } from './read-page.ts';
export type { RequestContext } from './request-context.ts';
export { runSubgraph, type SubgraphCommand } from './run-subgraph.ts';
export { safeIntScalar } from './safe-int.ts';
export { startSubgraph, type Subgraph, type SubgraphOptions, type SubgraphParts } from './start-subgraph.ts';
export { graphqlPath, startSubgraphServer, type SubgraphServerOptions } from './subgraph-server.ts';
