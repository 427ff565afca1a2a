import { runSubgraph } from '@trellis/subgraph-server';
import { readEnvironment, subgraphName } from './env.ts';
import { startProductsService } from './service.ts';

await runSubgraph({
  name: subgraphName,
  readEnvironment,
  gatewayJwksUrl: (settings) => settings.PRODUCTS_GATEWAY_JWKS_URL,
  start: startProductsService,
});
