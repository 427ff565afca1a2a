import { WebSocket } from 'ws';
import {
  createTrellisClient as createClient,
  type TrellisClient,
  type TrellisClientOptions,
} from './index.ts';

export * from './index.ts';

/**
 * Makes a client on Node, where a WebSocket is global only since Node 22: it uses `ws` on every version, unless another one is given.
 * Otherwise the same as in the browser. A bundler for the browser never comes here (`exports` of package.json).
 */
export function createTrellisClient(options: TrellisClientOptions): TrellisClient {
  return createClient({ webSocketImpl: WebSocket, ...options });
}
