import { runSubgraph } from '@trellis/subgraph-server';
import { readEnvironment, subgraphName } from './env.ts';
import { startUsersService } from './service.ts';

await runSubgraph({
  name: subgraphName,
  readEnvironment,
  gatewayJwksUrl: (settings) => settings.USERS_GATEWAY_JWKS_URL,
  start: startUsersService,
});
