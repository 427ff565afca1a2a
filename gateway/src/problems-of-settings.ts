import type { GatewayConfig } from './config-file.ts';

/** Variables by name, as they are set. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What of a configuration file decides which variables must be set: whether it says these. */
export type Configured = { readonly [K in keyof GatewayConfig]?: unknown };

/** Everything that contradicts itself, or is incomplete, although each variable by itself is right. */
export function problemsOfSettings(environment: Environment, configured: Configured): string[] {
  return [
    ...problemsOfSource(environment, configured),
    ...problemsOfSigningKey(environment, configured),
    ...problemsOfTokens(environment, configured),
  ];
}

/** Variables by which the supergraph is asked for at Uplink. */
const uplinkSettings = ['APOLLO_KEY', 'APOLLO_GRAPH_REF'];

function problemsOfSource(environment: Environment, { supergraph: configured }: Configured): string[] {
  const { GATEWAY_SUPERGRAPH: place, GATEWAY_INTROSPECT: introspect } = environment;
  if (place && introspect) {
    return [
      'GATEWAY_SUPERGRAPH (--supergraph) and GATEWAY_INTROSPECT (--introspect) both say where the supergraph is: keep one of them',
    ];
  }
  if (place || introspect || configured !== undefined) return [];
  const missing = uplinkSettings.filter((name) => !environment[name]);
  const isMeant = missing.length < uplinkSettings.length || environment['APOLLO_UPLINK_ENDPOINTS'];
  return missing.length === 0 || !isMeant
    ? []
    : [`${missing.join(' and ')} must be set too: Uplink is asked by ${uplinkSettings.join(' and ')}`];
}

/** A key made at the start is for one process, and subgraphs in production have to know that of all replicas. */
function problemsOfSigningKey(
  environment: Environment,
  { signingKey: configured, subgraphIdentity }: Configured,
): string[] {
  const { NODE_ENV: mode, GATEWAY_SIGNING_KEY: key, GATEWAY_SUBGRAPH_IDENTITY: variable } = environment;
  const isOff = variable ? variable === 'false' : subgraphIdentity === false;
  return mode !== 'production' || key || configured !== undefined || isOff
    ? []
    : [
        'GATEWAY_SIGNING_KEY is required when NODE_ENV=production: it signs the identity that subgraphs are told; GATEWAY_SUBGRAPH_IDENTITY=false tells them none',
      ];
}

const tokenSettings = ['GATEWAY_JWKS_URL', 'GATEWAY_TOKEN_ISSUER', 'GATEWAY_TOKEN_AUDIENCE'];

function problemsOfTokens(environment: Environment, { tokens: configured }: Configured): string[] {
  if (configured !== undefined) return [];
  const missing = tokenSettings.filter((name) => !environment[name]);
  return missing.length === 0 || missing.length === tokenSettings.length
    ? []
    : [`${missing.join(' and ')} must be set too: tokens are checked by ${tokenSettings.join(', ')}`];
}
