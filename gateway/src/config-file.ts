import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import type { GatewayOptions } from './options.ts';
import { headerRulesSchema } from './subgraph/headers/header-rules.ts';
import { isUrl, supergraphPlace } from './supergraph/supergraph-place.ts';
import { trafficRulesSchema } from './subgraph/traffic/traffic-options.ts';

/** What a configuration file of `trellis-gateway` says: any of the gateway's options. What it leaves out is as the environment says, or the default. */
export interface GatewayConfig extends Partial<Omit<GatewayOptions, 'supergraph' | 'logger'>> {
  /** A file, from the folder of this one; an `http(s)` URL; or a source: `introspectedSupergraph`, `uplinkSupergraph`, or one of your own. */
  readonly supergraph?: string | GatewayOptions['supergraph'];
}

/** Gives a configuration file its type: `export default defineConfig({ … })`. */
export function defineConfig(config: GatewayConfig): GatewayConfig {
  return config;
}

/** A configuration file that cannot be used. The message says what to change. */
export class ConfigFileError extends Error {
  override readonly name = 'ConfigFileError';
}

/**
 * Loads a module whose default export is the configuration: `.js` or `.mjs`, and `.ts` where Node strips types.
 * @throws ConfigFileError when it is not there, fails to load, or says something that is not an option.
 */
export async function loadConfig(path: string): Promise<GatewayConfig> {
  const file = resolve(path);
  if (!existsSync(file)) throw new ConfigFileError(`the configuration file ${path} is not there`);
  let exported: unknown;
  try {
    exported = ((await import(pathToFileURL(file).href)) as { default?: unknown }).default;
  } catch (error) {
    throw new ConfigFileError(`the configuration file ${path} fails to load: ${reasonOf(error)}`, {
      cause: error,
    });
  }
  const checked = configSchema.safeParse(exported);
  if (checked.success) return withPlaceBeside(file, exported as GatewayConfig);
  throw new ConfigFileError(
    `the configuration file ${path} does not fit:\n${z.prettifyError(checked.error)}`,
  );
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return (error as NodeJS.ErrnoException).code === 'ERR_UNKNOWN_FILE_EXTENSION'
    ? 'this Node reads no TypeScript: write it as .mjs, with its types in comments if you like'
    : error.message;
}

/** A file that the configuration names lies beside the configuration, wherever the gateway is started. */
function withPlaceBeside(file: string, config: GatewayConfig): GatewayConfig {
  const { supergraph } = config;
  if (typeof supergraph !== 'string' || isUrl(supergraph)) return config;
  return { ...config, supergraph: resolve(dirname(file), supergraph) };
}

const text = z.string().min(1);
const texts = z.array(text);
const port = z.int().min(0).max(65_535);
const atLeast = (least: number) => z.int().min(least);
const methods = (...names: readonly string[]) =>
  z.custom<object>(
    (value) =>
      typeof value === 'object' &&
      value !== null &&
      names.every((name) => typeof (value as Record<string, unknown>)[name] === 'function'),
    { error: `must be a string, or have ${names.join(' and ')}` },
  );

const options = {
  supergraph: z.union([supergraphPlace, methods('load', 'watch')]),
  port,
  host: text,
  tokens: z.strictObject({
    jwksUrls: z.array(z.url({ protocol: /^https?$/ })).min(1),
    issuer: text,
    audience: text,
  }),
  signingKey: z.custom<object>(
    (value) => typeof value === 'object' && value !== null && 'publicJwk' in value,
    {
      error: 'must be a key made by importSigningKey of @trellis/gateway',
    },
  ),
  subgraphIdentity: z.boolean(),
  subgraphUrls: z.record(text, z.url({ protocol: /^https?$/ })),
  forwardHeaders: texts,
  headers: headerRulesSchema,
  corsOrigins: texts,
  explorer: z.boolean(),
  introspection: z.boolean(),
  exampleQuery: text,
  redisUrl: z.url({ protocol: /^rediss?$/ }),
  subgraphDeadlineMs: atLeast(1),
  subgraphRetries: atLeast(0),
  circuitBreaker: trafficRulesSchema.shape.circuitBreaker,
  subgraphs: z.record(text, trafficRulesSchema),
  requestDeadlineMs: atLeast(1),
  overrideLabels: texts,
  mergeFetches: z.boolean(),
  shareSubgraphRequests: z.boolean(),
  shareExecutions: z.boolean(),
  maxSubgraphResponseBytes: atLeast(1),
  streamSilenceMs: atLeast(1),
  maxRequestBytes: atLeast(1),
  metricsPort: port,
  batchLimit: atLeast(0),
  compression: z.boolean(),
  operationCacheBytes: atLeast(1),
  receiveTimeoutMs: atLeast(1),
  keepAliveMs: atLeast(1),
  stopGraceMs: atLeast(0),
} satisfies Record<keyof GatewayConfig, z.ZodType>;

const configSchema = z.strictObject(options).partial();

/** The names of all options that a configuration file may have. */
export const configOptionNames: readonly string[] = Object.keys(options);
