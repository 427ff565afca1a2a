import {
  createStopSequence,
  readyUntil,
  runChecks,
  type Readiness,
  type StopSequence,
} from '@trellis/lifecycle';
import { createEngine } from './execution/engine.ts';
import { refuseUnknownOptions } from './unknown-options.ts';
import { createFront, type Front } from './front.ts';
import { openSupergraph, type OpenedSupergraph } from './open-supergraph.ts';
import { withDefaults, type GatewayOptions, type ResolvedOptions } from './options.ts';
import { createApolloGateway } from './protocol/apollo-gateway.ts';
import { createApolloServer } from './protocol/apollo-server.ts';
import { compressResponses } from './protocol/compress-responses.ts';
import { exposedHeaders, originCheck } from './protocol/cors.ts';
import { createHotPath } from './protocol/hot-path.ts';
import { createHttpApp, graphqlPath } from './protocol/http-app.ts';
import { createMakeContext } from './protocol/http-context.ts';
import { createJsonBody } from './protocol/json-body.ts';
import { createDeferPlugin } from './protocol/multipart-defer.ts';
import { createPersistedDocuments } from './protocol/persisted-documents.ts';
import { createRedisPersistedQueries } from './protocol/persisted-queries.ts';
import { relayResponseHeaders } from './protocol/relay-response-headers.ts';
import { createSharedEventStreams } from './protocol/shared-event-streams.ts';
import { createStreamedOperations } from './protocol/streamed-operations.ts';
import { takeTurns } from './protocol/take-turns.ts';
import { serveWebSocket } from './protocol/web-socket.ts';
import { authenticateNobody, createAuthenticate } from './security/authenticate.ts';
import { createPresentResult } from './security/present-errors.ts';
import { rememberVerified } from './security/verified-tokens.ts';
import { serveOrWait } from './serve-or-wait.ts';
import { shareExecutions } from './sharing/share-executions.ts';
import { shareSubgraphRequests } from './sharing/share-subgraph-requests.ts';
import { healthBehindCircuit } from './subgraph/traffic/circuit-health.ts';
import { createSubgraphHealth, type SubgraphHealth } from './subgraph/subgraph-health.ts';
import type { SupergraphStore } from './supergraph/supergraph-store.ts';
import { startMeasuring, type Measuring } from './telemetry/measuring.ts';

/** A gateway that serves. */
export interface Gateway {
  /** Where it listens: `http://127.0.0.1:4000`; operations go to `/graphql` there. */
  readonly url: string;
  /** Where Prometheus reads its metrics; absent without `metricsPort`. */
  readonly metricsUrl?: string;
  /** False while it still waits for its first supergraph, which `/health/ready` tells with the reason: only for sources that wait. */
  isServing(): boolean;
  /** Takes no new request, finishes those in hand, tells streams to come again, and leaves nothing running. */
  stop(): Promise<void>;
}

/**
 * Starts a gateway for a supergraph. Where its source can wait for one, so does the gateway: it listens, and answers that it is not ready.
 * @throws TypeError for options that do not fit, SupergraphRefusedError when the supergraph cannot be served, PortTakenError when the port cannot be had; nothing is left
 * running then.
 */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  refuseUnknownOptions(options);
  const settings = withDefaults(options);
  const { logger, supergraph } = settings;
  const parts = createStopSequence(logger);
  try {
    const front = parts.add(createFront(settings));
    const opened = openSupergraph(settings, parts);
    const measuring = await startMeasuring(settings, parts);
    const serving = await serveOrWait({
      ...opened,
      serve: (store) => start({ ...settings, ...opened, store, measuring, front }),
      front,
      logger,
      retryMs: supergraph.retryMs,
      isStopping: () => parts.isStopping,
    });
    parts.add(serving);
    const { url } = await front.listener();
    return {
      url,
      ...(measuring.url === undefined ? {} : { metricsUrl: measuring.url }),
      isServing: () => serving.hasBegun(),
      stop: () => parts.stop(),
    };
  } catch (error) {
    await parts.stop();
    throw error;
  }
}

/**
 * Looks at everything that a start looks at, and serves nothing.
 * @returns the names of the supergraph's subgraphs.
 * @throws like `createGateway`.
 */
export async function checkGateway(options: GatewayOptions): Promise<readonly string[]> {
  refuseUnknownOptions(options);
  const settings = withDefaults(options);
  const parts = createStopSequence(settings.logger);
  try {
    const { load } = openSupergraph(settings, parts);
    return [...(await load()).current().subgraphs.keys()];
  } finally {
    await parts.stop();
  }
}

interface Opened extends Omit<ResolvedOptions, 'signingKey'>, OpenedSupergraph {
  readonly store: SupergraphStore;
  readonly measuring: Measuring;
  readonly front: Front;
}

/** Puts everything behind the front. @returns what stops it. */
async function start(settings: Opened): Promise<StopSequence> {
  const parts = createStopSequence(settings.logger);
  try {
    await startParts(settings, parts);
    return parts;
  } catch (error) {
    await parts.stop();
    throw error;
  }
}

async function startParts(settings: Opened, parts: StopSequence): Promise<void> {
  const { logger, store, connections, signingKey, measuring, front } = settings;
  const sender = measuring.client(connections);
  const client = settings.shareSubgraphRequests ? shareSubgraphRequests(sender) : sender;
  const present = createPresentResult(logger);
  const hideSuggestions = !settings.introspection;
  const executor = createEngine(client, logger, present, {
    hideSuggestions,
    requestDeadlineMs: settings.requestDeadlineMs,
    mergeFetches: settings.mergeFetches,
    overrideLabels: settings.overrideLabels,
  });
  const engine = measuring.engine(settings.shareExecutions ? shareExecutions(executor) : executor);
  const persistedQueries =
    settings.redisUrl === undefined
      ? undefined
      : parts.add(createRedisPersistedQueries(settings.redisUrl, logger));
  const apollo = createApolloServer({
    gateway: createApolloGateway(store, engine),
    store,
    logger,
    introspection: settings.introspection,
    sandbox: settings.explorer,
    batches: settings.batchLimit > 0,
    exampleQuery: settings.exampleQuery,
    persistedQueries,
    plugins: [takeTurns(store), createDeferPlugin({ store, engine, logger })],
  });
  await apollo.start();
  parts.add(apollo);
  const leavesTokensToSubgraphs =
    settings.tokens === undefined && settings.forwardHeaders.includes('authorization');
  const health = parts.add(createSubgraphHealth(connections));
  const authenticate = leavesTokensToSubgraphs
    ? authenticateNobody
    : rememberVerified(createAuthenticate(settings.tokens, logger));
  const operations = createStreamedOperations({
    store,
    engine,
    apollo,
    documents: createPersistedDocuments(persistedQueries ?? apollo.cache),
    logger,
    hideSuggestions,
  });
  const { response: responseRules = [] } = settings.headers;
  const pages = {
    isAllowedOrigin: originCheck(settings.corsOrigins, settings.explorer),
    exposedHeaders: exposedHeaders(responseRules),
  };
  const jsonBody = createJsonBody(settings.maxRequestBytes);
  const makeContext = createMakeContext(authenticate, settings.forwardHeaders);
  const sharedEventStreams = createSharedEventStreams(operations, makeContext);
  const app = createHttpApp({
    ...settings,
    exampleQuery: settings.exampleQuery,
    apollo,
    operations,
    signingKey,
    ...pages,
    jsonBody,
    makeContext,
    sharedEventStreams: sharedEventStreams.middleware,
    readiness: readyUntil(
      () => parts.isStopping,
      shared(() =>
        readinessOf(store, async (subgraph) =>
          healthBehindCircuit(await health.check(subgraph), connections.circuitOf(subgraph)),
        ),
      ),
    ),
  });
  const hotPath = createHotPath({
    ...settings,
    store,
    engine,
    authenticate,
    ...pages,
    rest: app,
    giveBody: jsonBody.give,
  });
  const packed = settings.compression ? compressResponses(hotPath) : hotPath;
  const listener = await front.answerBy(
    measuring.listener(responseRules.length > 0 ? relayResponseHeaders(packed, responseRules) : packed),
  );
  parts.add(front);
  // Streams would keep the listener open for ever, so they are ended before it is waited for.
  parts.add(
    serveWebSocket({
      server: listener.server,
      path: graphqlPath,
      operations,
      authenticate,
      forwardHeaders: settings.forwardHeaders,
      isAllowedOrigin: pages.isAllowedOrigin,
      logger,
      maxMessageBytes: settings.maxRequestBytes,
    }),
  );
  parts.add(sharedEventStreams);
  parts.add(engine);
  parts.add(
    settings.supergraph.watch(
      (supergraphSdl) => swap(store, supergraphSdl, measuring, logger),
      (problem) => logger.error(`${problem}; the one before stays in service`),
      () => logger.info('the supergraph can be read again'),
    ),
  );
}

function swap(
  store: SupergraphStore,
  supergraphSdl: string,
  measuring: Measuring,
  logger: GatewayOptions['logger'],
): void {
  try {
    if (store.replace(supergraphSdl)) measuring.supergraphOffered('served');
  } catch (error) {
    measuring.supergraphOffered('refused');
    const reason = error instanceof Error ? error.message : String(error);
    logger.error({ reason }, 'the new supergraph is refused; the one before stays in service');
  }
}

/** The gateway serves what the subgraphs that are there can answer: one that is down does not take it out of the load balancer. */
async function readinessOf(store: SupergraphStore, check: SubgraphHealth['check']): Promise<Readiness> {
  const { subgraphs } = store.current();
  return runChecks(
    {},
    Object.fromEntries([...subgraphs].map(([name, subgraph]) => [name, () => check(subgraph)])),
  );
}

/** Callers at the same time share one run, so that a flood of health checks does not become a flood on the subgraphs. */
function shared<T>(run: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  return () => (running ??= run().finally(() => (running = undefined)));
}
