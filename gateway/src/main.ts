#!/usr/bin/env node
import { readFile } from 'node:fs/promises';
import { createLogger, runService } from '@trellis/lifecycle';
import { parseCommand, usage } from './command-line.ts';
import { createGateway } from './create-gateway.ts';
import { readSettings, type GatewaySettings } from './env.ts';
import type { GatewayOptions } from './options.ts';
import { supergraphFile } from './supergraph/file-source.ts';
import { buildGeneration } from './supergraph/generation.ts';
import type { SupergraphSource } from './supergraph/supergraph-source.ts';
import { supergraphUrl } from './supergraph/url-source.ts';

const command = parseCommand(process.argv.slice(2));
switch (command.kind) {
  case 'help':
    process.stdout.write(usage);
    break;
  case 'version':
    process.stdout.write(`${await version()}\n`);
    break;
  case 'misused':
    process.stderr.write(`${command.problem}\n\n${usage}`);
    process.exitCode = 2;
    break;
  case 'check':
    await check(command.settings);
    break;
  case 'serve':
    await runService(() => serve(command.settings));
}

async function serve(flags: Readonly<Record<string, string>>): ReturnType<typeof createGateway> {
  const options = gatewayOptions(readSettings({ ...process.env, ...flags }));
  const gateway = await createGateway(options);
  options.logger.info({ url: gateway.url }, 'the gateway serves');
  process.stdout.write(`trellis-gateway serves ${gateway.url}/graphql\n`);
  return gateway;
}

async function check(flags: Readonly<Record<string, string>>): Promise<void> {
  try {
    const settings = readSettings({ ...process.env, ...flags });
    const { subgraphs } = buildGeneration(await sourceOf(settings).load(), {
      subgraphUrls: settings.GATEWAY_SUBGRAPH_URLS ?? {},
    });
    process.stdout.write(
      `the supergraph can be served; its subgraphs: ${[...subgraphs.keys()].join(', ')}\n`,
    );
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}

function gatewayOptions(settings: GatewaySettings): GatewayOptions {
  const {
    GATEWAY_JWKS_URL: jwksUrls,
    GATEWAY_TOKEN_ISSUER: issuer,
    GATEWAY_TOKEN_AUDIENCE: audience,
    GATEWAY_SIGNING_KEY: signingKey,
    GATEWAY_METRICS_PORT: metricsPort,
    REDIS_URL: redisUrl,
  } = settings;
  const explorer = settings.GATEWAY_EXPLORER ?? settings.NODE_ENV !== 'production';
  return {
    supergraph: sourceOf(settings),
    port: settings.GATEWAY_PORT,
    host: settings.GATEWAY_HOST,
    logger: createLogger('gateway', settings.LOG_LEVEL),
    subgraphUrls: settings.GATEWAY_SUBGRAPH_URLS ?? {},
    subgraphDeadlineMs: settings.GATEWAY_SUBGRAPH_DEADLINE_MS,
    subgraphRetries: settings.GATEWAY_SUBGRAPH_RETRIES,
    subgraphs: settings.GATEWAY_SUBGRAPHS ?? {},
    headers: settings.GATEWAY_HEADERS ?? {},
    requestDeadlineMs: settings.GATEWAY_REQUEST_DEADLINE_MS,
    mergeFetches: settings.GATEWAY_MERGE_FETCHES,
    shareSubgraphRequests: settings.GATEWAY_SHARE_SUBGRAPH_REQUESTS,
    shareExecutions: settings.GATEWAY_SHARE_EXECUTIONS,
    forwardHeaders: settings.GATEWAY_FORWARD_HEADERS ?? [],
    corsOrigins: settings.GATEWAY_CORS_ORIGINS ?? [],
    batchLimit: settings.GATEWAY_BATCH_LIMIT,
    compression: settings.GATEWAY_COMPRESSION,
    operationCacheBytes: settings.GATEWAY_OPERATION_CACHE_MIB * 1024 * 1024,
    receiveTimeoutMs: settings.GATEWAY_RECEIVE_TIMEOUT_MS,
    keepAliveMs: settings.GATEWAY_KEEP_ALIVE_MS,
    explorer,
    introspection: settings.GATEWAY_INTROSPECTION ?? explorer,
    ...(jwksUrls && issuer && audience ? { tokens: { jwksUrls, issuer, audience } } : {}),
    ...(signingKey === undefined ? {} : { signingKey }),
    ...(metricsPort === undefined ? {} : { metricsPort }),
    ...(redisUrl === undefined ? {} : { redisUrl }),
  };
}

function sourceOf(settings: GatewaySettings): SupergraphSource {
  const where = settings.GATEWAY_SUPERGRAPH;
  return /^https?:\/\//i.test(where)
    ? supergraphUrl(where, settings.GATEWAY_SUPERGRAPH_POLL_SECONDS * 1_000)
    : supergraphFile(where);
}

async function version(): Promise<string> {
  const manifest = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return manifest.version;
}
