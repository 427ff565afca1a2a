import type { RequestListener } from 'node:http';
import { createRecordingLogger } from '../../../../tests/support/recording-logger.ts';
import { createGateway } from '../../create-gateway.ts';
import { fixedSupergraph } from '../../supergraph/supergraph-source.ts';
import { compose } from '../../testing/compose.ts';
import { librarySubgraphs } from '../../testing/library-graph.ts';
import {
  aSubgraphRequest,
  codeOf,
  startScriptedServer,
  type ScriptedServer,
} from '../../testing/start-scripted-server.ts';
import { waitUntil } from '../../testing/wait-until.ts';
import {
  createSubgraphClient,
  type ObservedSubgraphClient,
  type SubgraphRequest,
} from '../subgraph-client.ts';
import { trafficRulesOf, type TrafficOptions } from './traffic-options.ts';

const recorder = createRecordingLogger();

describe('the traffic with a subgraph', () => {
  let server: ScriptedServer;
  let client: ObservedSubgraphClient;
  let request: SubgraphRequest;

  function start(options: TrafficOptions): void {
    client = createSubgraphClient({
      rulesOf: trafficRulesOf(options),
      maxResponseBytes: 10_000,
      streamSilenceMs: 1_000,
      logger: recorder.logger,
    });
  }
  beforeEach(async () => {
    server = await startScriptedServer();
    request = { ...aSubgraphRequest(`${server.url}/graphql`), repeatable: true };
  });
  afterEach(async () => {
    await client.stop();
    await server.stop();
  });

  const json = { 'content-type': 'application/json' };
  const well: RequestListener = (_request, response) => response.writeHead(200, json).end('{"data":{}}');
  const cut: RequestListener = (_request, response) => response.destroy();
  const unavailable: RequestListener = (_request, response) => response.writeHead(503).end();
  const silent: RequestListener = () => {};
  /** Fails so often, and answers then. */
  function failFirst(times: number, how: RequestListener): void {
    server.answer((incoming, response) => (server.requests() <= times ? how : well)(incoming, response));
  }

  it.each([
    ['whose connection is cut', cut],
    ['that is answered 503', unavailable],
  ])('is tried again for a query %s', async (_what, how) => {
    start({ subgraphRetries: 2 });
    failFirst(2, how);

    expect(await codeOf(client.send(request))).toBe('answered');
    expect(server.requests()).toBe(3);
  });

  it('is tried once for a mutation', async () => {
    start({ subgraphRetries: 2 });
    failFirst(1, unavailable);

    expect(await codeOf(client.send({ ...request, repeatable: false }))).toBe('SUBREQUEST_HTTP_ERROR');
    expect(server.requests()).toBe(1);
  });

  it('is tried as often as the rules for the subgraph say', async () => {
    start({ subgraphRetries: 2, subgraphs: { things: { retries: 1 } } });
    failFirst(2, unavailable);

    expect(await codeOf(client.send(request))).toBe('SUBREQUEST_HTTP_ERROR');
    expect(server.requests()).toBe(2);
  });

  it('brings the subgraph’s own words when trying again did not help', async () => {
    start({ subgraphRetries: 1 });
    server.answer((_request, response) =>
      response.writeHead(503, json).end('{"errors":[{"message":"closed for today"}]}'),
    );

    expect((await client.send(request)).errors).toEqual([{ message: 'closed for today' }]);
    expect(server.requests()).toBe(2);
  });

  it('is not tried again when the subgraph wants to be left alone beyond the deadline', async () => {
    start({ subgraphRetries: 2, subgraphDeadlineMs: 5_000 });
    server.answer((_request, response) => response.writeHead(503, { 'retry-after': '6' }).end());

    expect(await codeOf(client.send(request))).toBe('SUBREQUEST_HTTP_ERROR');
    expect(server.requests()).toBe(1);
  });

  it('is given up when the client leaves, while it waits to be tried again too', async () => {
    start({ subgraphRetries: 2, subgraphDeadlineMs: 60_000 });
    server.answer((_request, response) => response.writeHead(503, { 'retry-after': '30' }).end());
    const leaving = new AbortController();
    const sent = client.send({ ...request, signal: leaving.signal });
    sent.catch(() => {});
    // The next request comes on the same connection, so the answer to the first was read by then.
    await waitUntil(() => server.requests() === 1);
    await codeOf(client.send({ ...request, repeatable: false }));

    leaving.abort(new Error('left'));

    await expect(sent).rejects.toThrow('left');
    expect(server.requests()).toBe(2);
  });

  it('ends by the deadline of the subgraph, retries included', async () => {
    start({ subgraphs: { things: { deadlineMs: 600, retries: 10 } } });
    server.answer((incoming, response) =>
      (server.requests() === 1 ? unavailable : silent)(incoming, response),
    );

    expect(await codeOf(client.send(request))).toBe('SUBREQUEST_TIMEOUT');
    expect(server.requests()).toBe(2);
  });

  it('ends by the deadline of the operation where that is earlier, and says so', async () => {
    start({ subgraphDeadlineMs: 60_000 });
    server.answer(silent);
    const deadlineAt = performance.now() + 100;

    expect(await codeOf(client.send({ ...request, deadlineAt }))).toBe('OPERATION_TIMEOUT');
    expect(await codeOf(client.stream({ ...request, deadlineAt }))).toBe('OPERATION_TIMEOUT');
    expect(server.requests()).toBe(1);
  });

  it('fails as any other when no time is left for it, also where no circuit stands before it', async () => {
    start({ circuitBreaker: false });
    const deadlineAt = performance.now() - 1;

    // Not thrown at once: whoever asks several subgraphs would hear nothing of the others.
    const posted = client.post({ ...request, body: '{}', deadlineAt });

    expect(await codeOf(posted)).toBe('OPERATION_TIMEOUT');
    expect(server.requests()).toBe(0);
  });

  it('opens its circuit when it is silent for a second, though the operation ends before its own deadline', async () => {
    const circuitBreaker = { failureRatio: 0.5, minimumRequests: 2, windowMs: 60_000, openMs: 60_000 };
    start({ subgraphDeadlineMs: 60_000, circuitBreaker });
    server.answer(silent);
    const ask = () => codeOf(client.send({ ...request, deadlineAt: performance.now() + 1_100 }));

    await Promise.all([ask(), ask(), ask()]);

    expect(await ask()).toBe('SUBREQUEST_CIRCUIT_OPEN');
  });

  it('ends when its circuit opens, for streams too, and the log tells', async () => {
    const circuitBreaker = { failureRatio: 0.5, minimumRequests: 5, windowMs: 60_000, openMs: 60_000 };
    start({ subgraphRetries: 0, circuitBreaker });
    server.answer(unavailable);
    for (let time = 0; time < 5; time++) await codeOf(client.send(request));
    expect(client.circuitOf(request.subgraph)).toBe('open');

    expect(await codeOf(client.send(request))).toBe('SUBREQUEST_CIRCUIT_OPEN');
    expect(await codeOf(client.stream(request))).toBe('SUBREQUEST_CIRCUIT_OPEN');
    expect(server.requests()).toBe(5);
    expect(recorder.lines).toContainEqual(expect.stringContaining('circuit of a subgraph is open'));
  });

  it('stays as it was for a subgraph that a new supergraph leaves where it is', async () => {
    start({
      subgraphRetries: 0,
      circuitBreaker: { failureRatio: 0.5, minimumRequests: 1, windowMs: 60_000, openMs: 60_000 },
    });
    server.answer(unavailable);
    await codeOf(client.send(request));

    expect(client.circuitOf({ ...request.subgraph })).toBe('open');
    expect(client.circuitOf({ name: 'things', url: 'http://elsewhere/graphql' })).toBe('closed');
  });

  it('is not held against the subgraph when it cannot be written', async () => {
    start({
      subgraphRetries: 2,
      circuitBreaker: { failureRatio: 0.5, minimumRequests: 1, windowMs: 60_000, openMs: 60_000 },
    });
    const context = { ...request.context, forwardedHeaders: { 'x-own': 'a\nb' } };

    expect(await codeOf(client.send({ ...request, context }))).toBe('SUBREQUEST_HTTP_ERROR');
    expect(client.circuitOf(request.subgraph)).toBe('closed');
  });

  it('goes on without a circuit breaker', async () => {
    start({ subgraphRetries: 0, circuitBreaker: false });
    server.answer(unavailable);

    for (let time = 0; time < 30; time++) await codeOf(client.send(request));

    expect(server.requests()).toBe(30);
  });

  it('asks for compressed answers only where it is told to', async () => {
    const asked: unknown[] = [];
    start({ subgraphs: { packed: { compression: true } } });
    server.answer(({ headers }, response) => {
      asked.push(headers['accept-encoding']);
      response.writeHead(200, json).end('{"data":{}}');
    });

    await client.send(request);
    await client.send({ ...request, subgraph: { name: 'packed', url: request.subgraph.url } });

    expect(asked).toEqual([undefined, 'gzip, br, deflate']);
  });
});

describe('rules for the traffic with subgraphs', () => {
  it('are those for all where a subgraph has none of its own', () => {
    const rulesOf = trafficRulesOf({
      subgraphDeadlineMs: 5_000,
      subgraphs: { slow: { deadlineMs: 60_000 } },
    });

    expect(rulesOf('fast')).toMatchObject({ deadlineMs: 5_000, retries: 2 });
    expect(rulesOf('slow')).toMatchObject({ deadlineMs: 60_000, retries: 2 });
  });

  it.each([
    [{ subgraphRetries: -1 }, 'the rules for all subgraphs do not fit'],
    [{ subgraphs: { things: { deadlineMs: 0 } } }, 'the rules for the subgraph things do not fit'],
    [{ subgraphs: { things: { retry: 3 } } }, 'Unrecognized key: "retry"'],
    [
      { circuitBreaker: { failureRatio: 50, minimumRequests: 1, windowMs: 1, openMs: 1 } },
      'the rules for all subgraphs do not fit',
    ],
  ])('are refused when they do not fit: %j', (options, problem) => {
    expect(() => trafficRulesOf(options as TrafficOptions)).toThrow(problem);
  });

  it('are refused for a subgraph that the supergraph does not have', async () => {
    const url = 'http://127.0.0.1:1/graphql';
    const supergraph = fixedSupergraph(compose(librarySubgraphs.map((each) => ({ ...each, url }))));
    const start = createGateway({
      supergraph,
      port: 0,
      logger: recorder.logger,
      subgraphs: { meda: { retries: 0 } },
    });

    await expect(start).rejects.toThrow('there are rules for meda, but the supergraph has only');
  });
});
