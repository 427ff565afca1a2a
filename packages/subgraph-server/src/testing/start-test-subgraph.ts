import {
  createIdentitySigner,
  createIdentityVerifier,
  createStaticKeySet,
  generateSigningKey,
  type Identity,
} from '@trellis/auth';
import { createLogger, type CheckResult, type Stoppable } from '@trellis/lifecycle';
import { startSubgraphServer } from '../index.ts';
import { shopSchema, type ShopState } from './shop-schema.ts';

const gatewayKey = generateSigningKey();
const signer = createIdentitySigner(gatewayKey);

/** A customer. */
export const ada: Identity = { kind: 'user', userId: 'ada', roles: ['CUSTOMER'] };

/** The token by which the gateway says for whom it asks. @param audience the subgraph that it is made out to. */
export function identityOf(identity: Identity, audience = 'shop'): string {
  return signer.sign(identity, audience);
}

/** A running subgraph that fails and waits as tests want it to, and tells what was done with it. */
export interface TestSubgraph extends ShopState, Stoppable {
  readonly url: string;
  /** How the database is said to be. */
  database: CheckResult;
  post(query: string, headers: Record<string, string>, variables?: object): Promise<Response>;
  /** The headers of a request on behalf of someone. */
  asCaller(identity: Identity): Record<string, string>;
}

/** Starts the subgraph `shop`. */
export async function startTestSubgraph(): Promise<TestSubgraph> {
  const state: ShopState & { database: CheckResult } = {
    streamsOpen: 0,
    floodTaken: 0,
    awaited: undefined,
    authorsRead: 0,
    onRefusedRead: () => undefined,
    database: { status: 'up' },
  };
  const server = await startSubgraphServer({
    schema: shopSchema(state),
    createContext: (request) => request,
    identityVerifier: createIdentityVerifier(createStaticKeySet([gatewayKey.publicJwk]), 'shop'),
    requiredChecks: { database: () => state.database },
    port: 0,
    host: '127.0.0.1',
    logger: createLogger('test', 'silent'),
  });
  return Object.assign(state, {
    url: server.url,
    stop: () => server.stop(),
    post: (query: string, headers: Record<string, string>, variables: object = {}) =>
      fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query, variables }),
      }),
    asCaller: (identity: Identity) => ({ 'x-gateway-identity': identityOf(identity) }),
  });
}
