import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createIdentitySigner, generateSigningKey } from '@trellis/auth';
import { createLogger } from '@trellis/lifecycle';
import { aReview, librarySubgraphs, reviewFeed } from '../../testing/library-graph.ts';
import { aSubgraphRequest, codeOf } from '../../testing/start-scripted-server.ts';
import { startSubgraph, type RunningSubgraph } from '../../testing/start-subgraph.ts';
import { waitUntil } from '../../testing/wait-until.ts';
import { createSubgraphClient, type SubgraphClient, type SubgraphRequest } from '../subgraph-client.ts';
import { defaultTrafficRules } from '../traffic/traffic-rules.ts';

describe.each(['sse', 'ws'] as const)('a subscription to a subgraph over %s', (subscriptions) => {
  let subgraph: RunningSubgraph;
  let client: SubgraphClient;

  beforeEach(async () => {
    subgraph = await startSubgraph(librarySubgraphs.find(({ name }) => name === 'reviews')!);
    client = createSubgraphClient({
      signer: createIdentitySigner(generateSigningKey()),
      rulesOf: () => ({ ...defaultTrafficRules, deadlineMs: 1_000, subscriptions }),
      maxResponseBytes: 10_000,
      streamSilenceMs: 20_000,
      logger: createLogger('test', 'silent'),
    });
  });
  afterEach(async () => {
    await client.stop();
    await subgraph.stop();
  });

  function aSubscription(
    changes: { query?: string; url?: string; signal?: AbortSignal } = {},
  ): SubgraphRequest {
    const { query = 'subscription { reviewAdded { body } }', url = subgraph.url, signal } = changes;
    return { ...aSubgraphRequest(url, signal), query };
  }
  const opened = (count: number) => waitUntil(() => subgraph.openStreams() === count);

  it('brings event after event', async () => {
    const stream = await client.stream(aSubscription());
    const first = stream.next();
    await opened(1);

    reviewFeed.emit('review', aReview({ body: 'Good' }));
    reviewFeed.emit('review', aReview({ body: 'Better' }));

    expect((await first).value).toEqual({ data: { reviewAdded: { body: 'Good' } }, errors: [] });
    expect((await stream.next()).value).toEqual({ data: { reviewAdded: { body: 'Better' } }, errors: [] });
  });

  it('ends when the subgraph completes it', async () => {
    const stream = await client.stream(aSubscription({ query: '{ reviews { id } }' }));

    expect((await stream.next()).value).toMatchObject({ data: { reviews: [{}, {}, {}] } });
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it.each([
    ['that it does not know', 'subscription { nothing }', /nothing/],
    ['that cannot begin', 'subscription { brokenFeed { id } }', /no feed/],
  ])('has one result with errors for a subscription %s', async (_what, query, message) => {
    const stream = await client.stream(aSubscription({ query }));

    const { data, errors } = (await stream.next()).value!;
    expect(data ?? undefined).toBeUndefined();
    expect(errors[0]?.message).toMatch(message);
    expect((await stream.next()).done).toBe(true);
  });

  it('tells the subgraph for whom it is and what it belongs to', async () => {
    const leaving = new AbortController();
    const request = aSubscription({ signal: leaving.signal });
    const identity = { kind: 'user', userId: 'ada', roles: [] } as const;
    const stream = await client.stream({ ...request, context: { ...request.context, identity } });
    const next = stream.next();
    await opened(1);
    leaving.abort(new Error('left'));
    await expect(next).rejects.toThrow('left');

    const { headers } = subgraph.received[0]!;
    const [, claims = ''] = String(headers['x-gateway-identity']).split('.');
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
      sub: 'ada',
      aud: 'things',
    });
    expect(headers).toMatchObject({ 'x-correlation-id': 'c1', 'x-own': 'v' });
  });

  it('fails when the subgraph dies', async () => {
    const stream = await client.stream(aSubscription());
    const next = stream.next();
    await opened(1);

    await subgraph.stop();

    expect(await codeOf(next)).toBe('SUBREQUEST_HTTP_ERROR');
  });

  it('does not begin where nobody listens', async () => {
    const url = 'http://127.0.0.1:1/graphql';

    expect(await codeOf(client.stream(aSubscription({ url })))).toBe('SUBREQUEST_HTTP_ERROR');
  });

  it('does not begin where it is refused', async () => {
    subgraph.misbehave((_request, response) => void response.writeHead(403).end('secret'));

    expect(await codeOf(client.stream(aSubscription()))).toBe('SUBREQUEST_HTTP_ERROR');
  });

  it('does not begin with a header that HTTP does not have', async () => {
    const request = aSubscription();
    const context = { ...request.context, forwardedHeaders: { 'x-own': 'a\nb' } };

    expect(await codeOf(client.stream({ ...request, context }))).toBe('SUBREQUEST_HTTP_ERROR');
    expect(subgraph.received).toEqual([]);
  });

  it('follows no redirect', async () => {
    subgraph.misbehave(
      (_request, response) => void response.writeHead(307, { location: '/elsewhere' }).end(),
    );

    expect(await codeOf(client.stream(aSubscription()))).toBe('SUBREQUEST_HTTP_ERROR');
  });

  it('waits no longer than its deadline to begin', async () => {
    const silent: Server = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const connections = new Set<{ destroy(): void }>();
    silent.on('connection', (socket) => connections.add(socket));
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/graphql`;

    expect(await codeOf(client.stream(aSubscription({ url })))).toBe('SUBREQUEST_TIMEOUT');

    connections.forEach((socket) => socket.destroy());
    await new Promise((resolve) => silent.close(resolve));
  });

  it('is taken from the subgraph when it is given up, read or not', async () => {
    const leaving = new AbortController();
    const { signal } = leaving;
    const read = await client.stream(aSubscription({ signal }));
    const next = read.next();
    await client.stream(aSubscription({ signal }));
    await opened(2);

    leaving.abort(new Error('left'));

    await expect(next).rejects.toThrow('left');
    await opened(0);
  });

  it('is not opened for a client that has left', async () => {
    const signal = AbortSignal.abort(new Error('left'));

    await expect(client.stream(aSubscription({ signal }))).rejects.toThrow('left');
    expect(subgraph.received).toEqual([]);
  });

  it('fails when an event is larger than it may be', async () => {
    const stream = await client.stream(aSubscription());
    const next = stream.next();
    await opened(1);

    reviewFeed.emit('review', aReview({ body: 'x'.repeat(20_000) }));

    expect(await codeOf(next)).toBe('SUBREQUEST_RESPONSE_TOO_LARGE');
  });

  it('ends with the client of subgraphs', async () => {
    const stream = await client.stream(aSubscription());
    const next = stream.next();
    await opened(1);

    await client.stop();

    expect(await codeOf(next)).toBe('SUBREQUEST_HTTP_ERROR');
    await opened(0);
  });
});
