import { importSigningKey, type SigningKey } from '@trellis/auth';
import { logLevels } from '@trellis/lifecycle';
import {
  flag,
  integer,
  oneOf,
  parseSettings,
  port,
  setting,
  SettingsError,
  text,
  url,
  type SettingsOf,
} from '@trellis/settings';
import { z } from 'zod';
import { problemsOfSettings, type Configured, type Environment } from './problems-of-settings.ts';
import { isOrigin } from './protocol/cors.ts';
import { problemOfForwardHeaders } from './subgraph/headers/forward-headers.ts';
import { parseSubgraphUrls } from './supergraph/subgraph-urls.ts';
import { supergraphPlace } from './supergraph/supergraph-place.ts';
import { headerRulesSchema, type HeaderRules } from './subgraph/headers/header-rules.ts';
import { trafficRulesSchema, type SubgraphRules } from './subgraph/traffic/traffic-options.ts';

const web = ['http:', 'https:'];

/** `a, b, c`. */
const list = z.string().transform((value) =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);

const urls = list.refine((values) => values.every((value) => url(web).safeParse(value).success), {
  error: 'must be URLs that begin with http:// or https://, with commas between them',
});

const origins = list.refine((values) => values.every(isOrigin), {
  error: 'must be origins like https://shop.example.com, without a path, with commas between them',
});

const headerNames = list.transform((names, context) => {
  const lowerCase = names.map((name) => name.toLowerCase());
  const problem = problemOfForwardHeaders(lowerCase);
  if (problem === undefined) return lowerCase;
  context.addIssue(problem);
  return z.NEVER;
});

const subgraphUrls = z.string().transform((value, context): Record<string, string> => {
  try {
    return parseSubgraphUrls(value);
  } catch (error) {
    context.addIssue((error as Error).message);
    return z.NEVER;
  }
});

/** `{"orders":{"deadlineMs":2000}}`. */
const trafficRules = z.string().transform((value, context) => {
  try {
    return z.record(z.string().min(1), trafficRulesSchema).parse(JSON.parse(value)) as SubgraphRules;
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : 'it is no JSON';
    context.addIssue(`must be like {"orders":{"deadlineMs":2000,"retries":0}}: ${reason}`);
    return z.NEVER;
  }
});

/** See `HeaderRules`. */
const headerRules = z.string().transform((value, context): HeaderRules => {
  try {
    return headerRulesSchema.parse(JSON.parse(value));
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : 'it is no JSON';
    context.addIssue(`must be like {"request":[{"propagate":"x-tenant"}]}: ${reason}`);
    return z.NEVER;
  }
});

const signingKey = z.string().transform((pem, context): SigningKey => {
  try {
    return importSigningKey(pem);
  } catch (error) {
    context.addIssue(error instanceof Error ? error.message : 'must be a private key');
    return z.NEVER;
  }
});

const optional = <T>(schema: z.ZodType<T>, doc: string) =>
  setting<T | undefined>({ schema, fallback: undefined, doc });

/** Every variable that the command `trellis-gateway` reads. */
export const settingsTable = {
  GATEWAY_SUPERGRAPH: optional(
    supergraphPlace,
    'The supergraph: a file, which is watched, or an `http(s)` URL, which is polled. `supergraph.graphql` when nothing else says where it is.',
  ),
  GATEWAY_INTROSPECT: optional(
    subgraphUrls,
    'Subgraphs that are asked for their schemas, from which the supergraph is composed: `orders=http://orders:4003/graphql,...`, or JSON. In place of GATEWAY_SUPERGRAPH.',
  ),
  APOLLO_KEY: optional(
    text,
    'The key of a graph that Apollo’s Uplink delivers; used when no other setting says where the supergraph is.',
  ),
  APOLLO_GRAPH_REF: optional(text, 'Which graph that is: `shop@current`.'),
  APOLLO_UPLINK_ENDPOINTS: optional(urls, 'Where Uplink is, with commas between; Apollo’s own without it.'),
  GATEWAY_SUPERGRAPH_POLL_SECONDS: setting({
    schema: integer(1, 86_400),
    fallback: 10,
    doc: 'How often a supergraph at a URL is asked for, or subgraphs for their schemas. Uplink says itself how often.',
  }),
  GATEWAY_PORT: setting({ schema: port, fallback: 4000, doc: 'The port to listen on; 0 takes a free one.' }),
  GATEWAY_HOST: setting({
    schema: text,
    fallback: '127.0.0.1',
    doc: 'The address to listen on; `0.0.0.0` opens the gateway to other machines.',
  }),
  GATEWAY_JWKS_URL: optional(
    urls,
    'Where the issuer of access tokens publishes its keys; several with commas. Without it no token is accepted. Tokens must be JWTs of the type `at+jwt` (RFC 9068), signed with ES256 by a key that has a `kid`; issuers that sign otherwise are served by GATEWAY_FORWARD_HEADERS=authorization, which leaves tokens to the subgraphs.',
  ),
  GATEWAY_TOKEN_ISSUER: optional(
    text,
    'The `iss` that access tokens must have; with GATEWAY_JWKS_URL, which says what else they must be.',
  ),
  GATEWAY_TOKEN_AUDIENCE: optional(
    text,
    'The `aud` that access tokens must have, or one of theirs; with GATEWAY_JWKS_URL.',
  ),
  GATEWAY_SIGNING_KEY: optional(
    signingKey,
    'Signs the identity that subgraphs are told: a private key on P-256 in PEM (PKCS #8), as `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256` makes it, the same for all replicas; its line breaks may be written `\\n`. Required in production, here or in a configuration file, unless GATEWAY_SUBGRAPH_IDENTITY is `false`; elsewhere one is made at each start.',
  ),
  GATEWAY_SUBGRAPH_IDENTITY: setting({
    schema: flag,
    fallback: true,
    doc: 'Tells subgraphs on whose behalf they are asked (`x-gateway-identity`). `false` for subgraphs that do not look at it.',
  }),
  GATEWAY_SUBGRAPH_URLS: optional(
    subgraphUrls,
    'Routing URLs that replace those of the supergraph: `orders=http://orders:4003/graphql,...`, or JSON.',
  ),
  GATEWAY_SUBGRAPH_DEADLINE_MS: setting({
    schema: integer(1, 600_000),
    fallback: 10_000,
    doc: 'How long a subgraph may take to answer, in milliseconds.',
  }),
  GATEWAY_REQUEST_DEADLINE_MS: setting({
    schema: integer(1, 3_600_000),
    fallback: 30_000,
    doc: 'How long an operation as a whole may take, in milliseconds; of a subscription, each event.',
  }),
  GATEWAY_OVERRIDE_LABELS: optional(
    list,
    'Labels of progressive `@override`s that are on, with commas between them. Those like `percent(25)` decide for themselves.',
  ),
  GATEWAY_SUBGRAPH_RETRIES: setting({
    schema: integer(0, 10),
    fallback: 2,
    doc: 'How often a query is sent again to a subgraph that was not reached or answered 502, 503 or 504.',
  }),
  GATEWAY_SUBGRAPHS: optional(
    trafficRules,
    'Rules for single subgraphs as JSON, where they differ (`docs/guides/subgraphs.md`): `{"orders":{"deadlineMs":2000,"retries":0,"subscriptions":"ws"}}`.',
  ),
  GATEWAY_HEADERS: optional(
    headerRules,
    'Rules for headers as JSON (`docs/guides/subgraphs.md`): `{"request":[{"propagate":"x-tenant"}],"response":[{"propagate":"set-cookie","merge":"append"}]}`.',
  ),
  GATEWAY_FORWARD_HEADERS: optional(
    headerNames,
    'Headers of the client that subgraphs are given, with commas between them. None without it.',
  ),
  GATEWAY_CORS_ORIGINS: optional(
    origins,
    'Origins whose pages may call the gateway, with commas between them.',
  ),
  GATEWAY_BATCH_LIMIT: setting({
    schema: integer(0, 1_000),
    fallback: 0,
    doc: 'How many operations one request may hold as a list; 0 refuses lists.',
  }),
  GATEWAY_MERGE_FETCHES: setting({
    schema: flag,
    fallback: true,
    doc: 'Makes one request of fetches for one subgraph that can be made together.',
  }),
  GATEWAY_SHARE_SUBGRAPH_REQUESTS: setting({
    schema: flag,
    fallback: true,
    doc: 'Sends equal queries of one caller to a subgraph once while they are in flight.',
  }),
  GATEWAY_SHARE_EXECUTIONS: setting({
    schema: flag,
    fallback: false,
    doc: 'Executes equal queries of one caller once while they are in flight.',
  }),
  GATEWAY_OPERATION_CACHE_MIB: setting({
    schema: integer(1, 65_536),
    fallback: 64,
    doc: 'About how much memory operations that were seen may take, in MiB: their texts, plans and what is compiled from them.',
  }),
  GATEWAY_COMPRESSION: setting({
    schema: flag,
    fallback: true,
    doc: 'Packs responses of more than 1 kB (`br`, `gzip`) for clients that accept it.',
  }),
  GATEWAY_RECEIVE_TIMEOUT_MS: setting({
    schema: integer(100, 600_000),
    fallback: 30_000,
    doc: 'How long a client may take to send a request, headers and body, in milliseconds.',
  }),
  GATEWAY_KEEP_ALIVE_MS: setting({
    schema: integer(1, 3_600_000),
    fallback: 65_000,
    doc: 'How long a connection is kept for its next request, in milliseconds; longer than a proxy in front keeps it.',
  }),
  GATEWAY_EXPLORER: optional(
    flag,
    'Serves Apollo Sandbox and the offline explorer, and lets pages of this machine in. On, except in production.',
  ),
  GATEWAY_INTROSPECTION: optional(flag, 'Lets clients read the schema. As GATEWAY_EXPLORER.'),
  GATEWAY_METRICS_PORT: optional(
    port,
    'Serves metrics to Prometheus at `/metrics` on this port. Nothing is counted without it.',
  ),
  REDIS_URL: optional(
    url(['redis:', 'rediss:']),
    'Redis for persisted queries that all replicas share; in memory without it.',
  ),
  LOG_LEVEL: setting({ schema: oneOf(logLevels), fallback: 'info' as const, doc: 'How much is logged.' }),
  NODE_ENV: setting({
    schema: oneOf(['development', 'test', 'production']),
    fallback: 'development' as const,
    doc: '`production` makes secrets required and turns explorers off.',
  }),
};

export type GatewaySettings = SettingsOf<typeof settingsTable>;

/**
 * @param configured what a configuration file says: that need not be said here.
 * @throws SettingsError naming everything that does not fit.
 */
export function readSettings(environment: Environment, configured: Configured = {}): GatewaySettings {
  const problems = problemsOfSettings(environment, configured);
  let settings: GatewaySettings | undefined;
  try {
    settings = parseSettings(settingsTable, environment, ['GATEWAY_']);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    problems.unshift(...error.problems);
  }
  if (settings === undefined || problems.length > 0) throw new SettingsError(problems);
  return settings;
}
