import { runSubgraph } from '@trellis/subgraph-server';
import { readEnvironment, subgraphName } from './env.ts';
import { startOrdersService } from './service.ts';

await runSubgraph({
  name: subgraphName,
  readEnvironment,
  gatewayJwksUrl: (settings) => settings.ORDERS_GATEWAY_JWKS_URL,
  start: startOrdersService,
});
