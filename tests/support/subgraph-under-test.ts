import { afterAll, beforeAll } from '@jest/globals';
import {
  anonymous,
  createIdentitySigner,
  createStaticKeySet,
  gatewayIdentityHeader,
  generateSigningKey,
  type Identity,
} from '@trellis/auth';
import type { CloudEvent } from '@trellis/event-contracts';
import { createLogger, type Stoppable } from '@trellis/lifecycle';
import { createInProcessBus } from '@trellis/messaging';
import type { SubgraphParts } from '@trellis/subgraph-server';
import { describeOnEveryPlace, type DatabasePlace } from './databases.ts';
import { openStream, type Stream } from './event-stream.ts';

type Variables = object;
type RunningService = Stoppable & { readonly url: string };

/** A response of a subgraph; `T` is what the test expects `data` to be, which its assertions then check. */
export interface Answer<T> {
  readonly status: number;
  readonly data: T;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: Readonly<Record<string, unknown>>;
  }[];
}

/** A subgraph as the gateway and the broker meet it: over HTTP with a signed identity, and on a bus of its own. */
export interface SubgraphUnderTest<S extends RunningService> {
  readonly service: S;
  /** Every event that left the service so far. */
  readonly published: readonly CloudEvent[];
  /** Sends an operation on behalf of someone. */
  ask<T>(
    query: string,
    variables?: Variables,
    as?: Identity,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer<T>>;
  /** Subscribes on behalf of someone. */
  subscribe<T>(query: string, variables?: Variables, as?: Identity): Promise<Stream<Answer<T>>>;
  /** The header by which the gateway says for whom it asks. @param audience the subgraph that it is made out to. */
  identityHeader(as: Identity, audience?: string): Record<string, string>;
  /** Sends a query with no other headers than these: as whoever is not the gateway would. */
  post(query: string, headers: Readonly<Record<string, string>>): Promise<Response>;
  /** Hands the service an event, as the broker would; resolves when it has taken it. */
  deliver(event: CloudEvent): Promise<void>;
  /** Takes the broker away, or brings it back. */
  setBroker(state: 'away' | 'back'): void;
}

/** A subgraph that is started and stopped with its suite. */
interface ManualSubgraphUnderTest<S extends RunningService> extends SubgraphUnderTest<S>, Stoppable {
  start(): Promise<void>;
}

/**
 * Prepares a subgraph with the test in the place of the gateway, of the broker and of the other subgraphs.
 * @param name of the subgraph.
 */
function createSubgraphUnderTest<S extends RunningService>(
  name: string,
  startService: (parts: SubgraphParts) => Promise<S>,
): ManualSubgraphUnderTest<S> {
  const logger = createLogger(name, 'silent');
  const gatewayKey = generateSigningKey();
  const signer = createIdentitySigner(gatewayKey);
  const bus = createInProcessBus({ logger, bindings: [] });
  const published: CloudEvent[] = [];
  let service: S | undefined;
  let isAway = false;

  const running = (): S => {
    if (service === undefined) throw new Error(`${name} runs inside tests and hooks only`);
    return service;
  };
  const identityHeader = (as: Identity, audience = name): Record<string, string> => ({
    [gatewayIdentityHeader]: signer.sign(as, audience),
  });
  const post = (query: string, headers: Readonly<Record<string, string>>, variables: Variables = {}) =>
    fetch(`${running().url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query, variables }),
    });

  return {
    get service() {
      return running();
    },
    published,
    async ask<T>(query: string, variables: Variables = {}, as: Identity = anonymous, headers = {}) {
      const response = await post(query, { ...identityHeader(as), ...headers }, variables);
      return { status: response.status, ...((await response.json()) as Omit<Answer<T>, 'status'>) };
    },
    subscribe: <T>(query: string, variables: Variables = {}, as: Identity = anonymous) =>
      openStream<Answer<T>>(`${running().url}/graphql`, identityHeader(as), { query, variables }),
    identityHeader,
    post: (query, headers) => post(query, headers),
    deliver: (event) => bus.publish(event, 1),
    setBroker: (state) => void (isAway = state === 'away'),
    async start() {
      service = await startService({
        logger,
        gatewayKeys: createStaticKeySet([gatewayKey.publicJwk]),
        bus: {
          ...bus,
          status: () => (isAway ? { kind: 'disconnected', reason: 'connect 10.0.0.1:5672' } : bus.status()),
          async publish(event, attempt) {
            if (isAway) throw new Error('the broker is away');
            await bus.publish(event, attempt);
            published.push(event);
          },
        },
      });
    },
    async stop() {
      // As in production: a delivery that met a closed database would count as a failed attempt.
      await bus.stop();
      await service?.stop();
    },
  };
}

/** Runs a suite against a subgraph on PGlite and, where there is one, on PostgreSQL. One service serves all tests of the suite. */
export function describeSubgraph<S extends RunningService>(
  title: string,
  name: string,
  startService: (place: DatabasePlace, parts: SubgraphParts) => Promise<S>,
  define: (subject: SubgraphUnderTest<S>) => void,
): void {
  describeOnEveryPlace(title, (makePlace) => {
    let place: DatabasePlace | undefined;
    const subject = createSubgraphUnderTest(name, async (parts) => {
      place = await makePlace();
      return startService(place, parts);
    });
    beforeAll(() => subject.start());
    afterAll(async () => {
      await subject.stop();
      await place?.drop();
    });
    define(subject);
  });
}
