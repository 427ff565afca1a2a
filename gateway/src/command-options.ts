import { createLogger } from '@trellis/lifecycle';
import type { GatewayConfig } from './config-file.ts';
import { readSettings, type GatewaySettings } from './env.ts';
import type { GatewayOptions } from './options.ts';
import { supergraphFile } from './supergraph/file-source.ts';
import { introspectedSupergraph } from './supergraph/introspection-source.ts';
import { isUrl } from './supergraph/supergraph-place.ts';
import type { SupergraphSource } from './supergraph/supergraph-source.ts';
import { uplinkSupergraph } from './supergraph/uplink-source.ts';
import { supergraphUrl } from './supergraph/url-source.ts';

type Option = Exclude<keyof GatewayOptions, 'logger' | 'supergraph' | 'tokens'>;

/** How a variable says an option. */
interface FromVariable<T> {
  readonly variable: keyof GatewaySettings;
  readonly read: (settings: GatewaySettings) => T | undefined;
}

const from = <T>(
  variable: keyof GatewaySettings,
  read: (settings: GatewaySettings) => T | undefined,
): FromVariable<T> => ({ variable, read });

const explorer = (settings: GatewaySettings): boolean =>
  settings.GATEWAY_EXPLORER ?? settings.NODE_ENV !== 'production';

/** Every option that a single variable says; the others have several, or are for configuration files. */
export const optionsByVariable = {
  port: from('GATEWAY_PORT', (settings) => settings.GATEWAY_PORT),
  host: from('GATEWAY_HOST', (settings) => settings.GATEWAY_HOST),
  signingKey: from('GATEWAY_SIGNING_KEY', (settings) => settings.GATEWAY_SIGNING_KEY),
  subgraphIdentity: from('GATEWAY_SUBGRAPH_IDENTITY', (s) => s.GATEWAY_SUBGRAPH_IDENTITY),
  subgraphUrls: from('GATEWAY_SUBGRAPH_URLS', (settings) => settings.GATEWAY_SUBGRAPH_URLS),
  subgraphDeadlineMs: from('GATEWAY_SUBGRAPH_DEADLINE_MS', (s) => s.GATEWAY_SUBGRAPH_DEADLINE_MS),
  subgraphRetries: from('GATEWAY_SUBGRAPH_RETRIES', (s) => s.GATEWAY_SUBGRAPH_RETRIES),
  subgraphs: from('GATEWAY_SUBGRAPHS', (settings) => settings.GATEWAY_SUBGRAPHS),
  headers: from('GATEWAY_HEADERS', (settings) => settings.GATEWAY_HEADERS),
  requestDeadlineMs: from('GATEWAY_REQUEST_DEADLINE_MS', (s) => s.GATEWAY_REQUEST_DEADLINE_MS),
  overrideLabels: from('GATEWAY_OVERRIDE_LABELS', (settings) => settings.GATEWAY_OVERRIDE_LABELS),
  mergeFetches: from('GATEWAY_MERGE_FETCHES', (settings) => settings.GATEWAY_MERGE_FETCHES),
  shareSubgraphRequests: from(
    'GATEWAY_SHARE_SUBGRAPH_REQUESTS',
    (settings) => settings.GATEWAY_SHARE_SUBGRAPH_REQUESTS,
  ),
  shareExecutions: from('GATEWAY_SHARE_EXECUTIONS', (settings) => settings.GATEWAY_SHARE_EXECUTIONS),
  forwardHeaders: from('GATEWAY_FORWARD_HEADERS', (settings) => settings.GATEWAY_FORWARD_HEADERS),
  corsOrigins: from('GATEWAY_CORS_ORIGINS', (settings) => settings.GATEWAY_CORS_ORIGINS),
  batchLimit: from('GATEWAY_BATCH_LIMIT', (settings) => settings.GATEWAY_BATCH_LIMIT),
  compression: from('GATEWAY_COMPRESSION', (settings) => settings.GATEWAY_COMPRESSION),
  operationCacheBytes: from(
    'GATEWAY_OPERATION_CACHE_MIB',
    (s) => s.GATEWAY_OPERATION_CACHE_MIB * 1024 * 1024,
  ),
  receiveTimeoutMs: from('GATEWAY_RECEIVE_TIMEOUT_MS', (s) => s.GATEWAY_RECEIVE_TIMEOUT_MS),
  keepAliveMs: from('GATEWAY_KEEP_ALIVE_MS', (settings) => settings.GATEWAY_KEEP_ALIVE_MS),
  metricsPort: from('GATEWAY_METRICS_PORT', (settings) => settings.GATEWAY_METRICS_PORT),
  redisUrl: from('REDIS_URL', (settings) => settings.REDIS_URL),
  explorer: from('GATEWAY_EXPLORER', explorer),
  introspection: from('GATEWAY_INTROSPECTION', (s) => s.GATEWAY_INTROSPECTION),
} satisfies { readonly [K in Option]?: FromVariable<GatewayOptions[K]> };

/**
 * The options of the command: what variables and flags say; else what the configuration file says; else the defaults.
 * @param environment with the flags in it.
 * @throws SettingsError naming everything that does not fit.
 */
export function commandOptions(
  environment: Readonly<Record<string, string | undefined>>,
  config: GatewayConfig,
): GatewayOptions {
  const settings = readSettings(environment, config);
  const options: Record<string, unknown> = { ...config };
  for (const [option, { variable, read }] of Object.entries<FromVariable<unknown>>(optionsByVariable)) {
    if (Object.hasOwn(config, option) && !environment[variable]) continue;
    const value = read(settings);
    if (value !== undefined) options[option] = value;
  }
  const tokens = tokenRules(settings, config.tokens);
  if (tokens !== undefined) options['tokens'] = tokens;
  options['supergraph'] = sourceOf(settings, config.supergraph);
  const logger = createLogger('gateway', settings.LOG_LEVEL);
  return { ...options, logger } as unknown as GatewayOptions;
}

/** Where the supergraph comes from: as a variable of the gateway's own says, as the configuration does, or as those of Apollo do. */
function sourceOf(settings: GatewaySettings, configured: GatewayConfig['supergraph']): SupergraphSource {
  const {
    GATEWAY_SUPERGRAPH: place,
    GATEWAY_INTROSPECT: subgraphs,
    GATEWAY_SUPERGRAPH_POLL_SECONDS: pollSeconds,
    APOLLO_KEY: key,
    APOLLO_GRAPH_REF: graphRef,
    APOLLO_UPLINK_ENDPOINTS: uplinkEndpoints,
  } = settings;
  if (place !== undefined) return sourceAt(place, settings);
  if (subgraphs !== undefined) return introspectedSupergraph(subgraphs, pollSeconds * 1_000);
  if (typeof configured === 'string') return sourceAt(configured, settings);
  if (configured !== undefined) return configured;
  if (key !== undefined && graphRef !== undefined) {
    return uplinkSupergraph({ key, graphRef, ...(uplinkEndpoints === undefined ? {} : { uplinkEndpoints }) });
  }
  return supergraphFile('supergraph.graphql');
}

function sourceAt(where: string, settings: GatewaySettings): SupergraphSource {
  return isUrl(where)
    ? supergraphUrl(where, settings.GATEWAY_SUPERGRAPH_POLL_SECONDS * 1_000)
    : supergraphFile(where);
}

/** Each part as its variable says, else as the configuration does. */
function tokenRules(
  settings: GatewaySettings,
  configured: GatewayConfig['tokens'],
): GatewayOptions['tokens'] {
  const jwksUrls = settings.GATEWAY_JWKS_URL ?? configured?.jwksUrls;
  const issuer = settings.GATEWAY_TOKEN_ISSUER ?? configured?.issuer;
  const audience = settings.GATEWAY_TOKEN_AUDIENCE ?? configured?.audience;
  return jwksUrls && issuer && audience ? { jwksUrls, issuer, audience } : undefined;
}
