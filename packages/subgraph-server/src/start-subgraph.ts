import { createIdentityVerifier, type KeySet } from '@trellis/auth';
import { DatabaseUnavailableError, type Database } from '@trellis/database';
import {
  createStopSequence,
  type CheckResult,
  type Logger,
  type Stoppable,
  type StopSequence,
} from '@trellis/lifecycle';
import type { BusStatus, EventSubscription, MessageBus } from '@trellis/messaging';
import { startInboxRetention, startOutboxRelay } from '@trellis/outbox';
import type { Router } from 'express';
import type { GraphQLSchema } from 'graphql';
import { createDeadLetterCheck } from './dead-letter-check.ts';
import type { RequestContext } from './request-context.ts';
import { startSubgraphServer } from './subgraph-server.ts';

/** What a subgraph is started with, besides its settings. */
export interface SubgraphParts {
  /** Shared by what runs in this process; whoever made it stops it, before this service: what it has in hand needs the database. */
  readonly bus: MessageBus;
  readonly logger: Logger;
  /** The gateway's public keys: only requests that it signed are answered. */
  readonly gatewayKeys: KeySet;
  /** Whether the process that this runs in has begun to stop; this service may be told only when others have stopped. */
  readonly isStopping?: () => boolean;
}

/** What a subgraph is made of, where it differs from the others. */
export interface Subgraph<C extends RequestContext> {
  readonly database: Database;
  readonly schema: GraphQLSchema;
  /** Makes the context of one request; DataLoaders are made here, so that none outlives its request. */
  readonly createContext: (request: RequestContext) => C;
  readonly consumers: readonly EventSubscription[];
  /** Routes that need no gateway: the users' key set. */
  readonly publicRoutes?: Router;
}

export interface SubgraphOptions<C extends RequestContext, S extends Subgraph<C>> extends SubgraphParts {
  /** Its name in the supergraph; the gateway's identities are made out to it. */
  readonly name: string;
  readonly port: number;
  readonly host: string;
  /**
   * Opens the database and puts the subgraph together.
   * @param running takes whatever has to be stopped, the database first: it is stopped last.
   */
  readonly assemble: (running: StopSequence) => Promise<S>;
}

/**
 * Starts a subgraph: what it assembles, its part in the event traffic, and its GraphQL server. Stopping goes the other way: the server,
 * the relay of its events, what it assembled, and its database at the end.
 * @throws when a part cannot start, naming the setting at fault where one is; nothing is left running then.
 * @returns `url` is the server's origin; `subgraph` is what `assemble` made.
 * @throws when a part of it cannot start; nothing is left running then.
 */
export async function startSubgraph<C extends RequestContext, S extends Subgraph<C>>(
  options: SubgraphOptions<C, S>,
): Promise<Stoppable & { readonly url: string; readonly subgraph: S }> {
  const { name, bus, gatewayKeys, logger, port, host } = options;
  const running = createStopSequence(logger);
  try {
    const subgraph = await options.assemble(running);
    const { database, schema, createContext, consumers, publicRoutes } = subgraph;
    running.add(startInboxRetention(database, logger));
    await bus.subscribe(consumers);
    running.add(await startOutboxRelay({ database, publisher: bus, logger }));
    const server = running.add(
      await startSubgraphServer<C>({
        schema,
        createContext,
        identityVerifier: createIdentityVerifier(gatewayKeys, name),
        requiredChecks: { database: () => databaseCheck(database) },
        isStopping: () => running.isStopping || options.isStopping?.() === true,
        // Without the broker everything is still taken: events wait in the outbox until it is back.
        informativeChecks: {
          broker: () => brokerCheck(bus.status()),
          deadLetters: createDeadLetterCheck(name, { database, bus }),
        },
        port,
        portSetting: `${name.toUpperCase()}_PORT`,
        host,
        logger,
        ...(publicRoutes === undefined ? {} : { publicRoutes }),
      }),
    );
    return { url: server.url, subgraph, stop: () => running.stop() };
  } catch (error) {
    await running.stop();
    // The database knows no settings.
    if (error instanceof DatabaseUnavailableError)
      throw new DatabaseUnavailableError(`${name.toUpperCase()}_DATABASE_URL: ${error.message}`);
    throw error;
  }
}

async function databaseCheck(database: Database): Promise<CheckResult> {
  await database.ping();
  return { status: 'up' };
}

/** The bus's own reason names the broker's address, and is logged by the bus; strangers are told what it means for them. */
function brokerCheck({ kind }: BusStatus): CheckResult {
  return kind === 'connected'
    ? { status: 'up' }
    : { status: 'down', detail: 'events wait in the outbox until the broker is back' };
}
