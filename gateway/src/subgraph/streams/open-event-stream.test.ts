import type { RequestListener } from 'node:http';
import { createLogger } from '@trellis/lifecycle';
import {
  aSubgraphRequest,
  codeOf,
  startScriptedServer,
  type ScriptedServer,
} from '../../testing/start-scripted-server.ts';
import { waitUntil } from '../../testing/wait-until.ts';
import { createSubgraphClient, type SubgraphClient, type SubgraphRequest } from '../subgraph-client.ts';
import { defaultTrafficRules } from '../traffic/traffic-rules.ts';

describe('streams of events from subgraphs', () => {
  let server: ScriptedServer;
  let client: SubgraphClient;
  let leaving: AbortController;
  let request: SubgraphRequest;

  beforeEach(async () => {
    server = await startScriptedServer();
    client = createSubgraphClient({
      rulesOf: () => ({ ...defaultTrafficRules, deadlineMs: 1_000 }),
      maxResponseBytes: 10_000,
      streamSilenceMs: 3_000,
      logger: createLogger('test', 'silent'),
    });
    leaving = new AbortController();
    request = aSubgraphRequest(`${server.url}/graphql`, leaving.signal);
  });
  afterEach(async () => {
    await client.stop();
    await server.stop();
  });

  const respond = (status: number, headers: Record<string, string>, body: string): void => {
    server.answer((_incoming, response) => response.writeHead(status, headers).end(body));
  };
  const json = { 'content-type': 'application/json' };
  // As graphql-sse answers.
  const events = { 'content-type': 'text/event-stream; charset=utf-8', 'content-encoding': 'none' };

  it('reads event after event, and ends when the subgraph completes', async () => {
    respond(
      200,
      events,
      ':\n\nevent: next\ndata: {"data":{"n":1}}\n\n:\n\nevent: next\ndata: {"data":{"n":2}}\n\nevent: complete\ndata:\n\n',
    );

    const seen = [];
    for await (const event of await client.stream(request)) seen.push(event.data);

    expect(seen).toEqual([{ n: 1 }, { n: 2 }]);
  });

  it('takes a refusal in JSON for one result', async () => {
    respond(401, json, '{"errors":[{"message":"no"}]}');

    const seen = [];
    for await (const event of await client.stream(request)) seen.push(event);

    expect(seen).toEqual([{ data: undefined, errors: [{ message: 'no' }] }]);
  });

  it.each([
    // As Apollo Server answers.
    [406, json, '{"errors":[{"message":"no such accept","extensions":{"code":"BAD_REQUEST"}}]}'],
    // As graphql-http answers.
    [406, {}, ''],
    [415, json, '{"errors":[{"message":"no such type"}]}'],
    [400, json, '{"errors":[{"message":"no subscriptions"}]}'],
  ])(
    'says of a subgraph that has no streams (%s %j) which protocol it may have',
    async (status, headers, body) => {
      respond(status, headers, body);

      await expect(client.stream(request)).rejects.toMatchObject({
        code: 'SUBREQUEST_HTTP_ERROR',
        // The client is told no more than the code.
        message: expect.stringContaining('subscriptions: "ws"') as unknown,
        details: { status },
      });
    },
  );

  it.each<[number, string]>([
    [200, '{"errors":[{"message":"no"}]}'],
    [403, '{"errors":[{"message":"no"}]}'],
    [400, '{"data":{"n":1},"errors":[{"message":"no"}]}'],
  ])('takes the errors of an answer for the operation’s (%i %s)', async (status, body) => {
    respond(status, json, body);

    const stream = await client.stream(request);

    expect((await stream.next()).value).toMatchObject({ errors: [{ message: 'no' }] });
  });

  it.each<[string, RequestListener, string]>([
    [
      'breaks off',
      (_i, response) => response.writeHead(200, events).end('event: next\ndata: {"data":{}}\n\n'),
      'SUBREQUEST_HTTP_ERROR',
    ],
    [
      'is cut',
      (_i, response) => response.writeHead(200, events).write(':\n\n', () => response.destroy()),
      'SUBREQUEST_HTTP_ERROR',
    ],
    [
      'holds broken JSON',
      (_i, response) => response.writeHead(200, events).write('event: next\ndata: {\n\n'),
      'SUBREQUEST_MALFORMED_RESPONSE',
    ],
    [
      'holds an event that does not end',
      (_i, response) => response.writeHead(200, events).write(`data: ${'x'.repeat(20_000)}`),
      'SUBREQUEST_RESPONSE_TOO_LARGE',
    ],
    ['goes silent', (_i, response) => response.writeHead(200, events).write(':\n\n'), 'SUBREQUEST_TIMEOUT'],
  ])('has an error for a stream that %s', async (_what, listener, code) => {
    server.answer(listener);
    const read = async (): Promise<void> => {
      const stream = await client.stream(request);
      while ((await stream.next()).done !== true);
    };

    expect(await codeOf(read())).toBe(code);
  });

  it.each<[string, number, Record<string, string>, string]>([
    ['HTML', 200, { 'content-type': 'text/html' }, 'SUBREQUEST_MALFORMED_RESPONSE'],
    [
      'packed events',
      200,
      { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' },
      'SUBREQUEST_MALFORMED_RESPONSE',
    ],
    ['an error page', 500, { 'content-type': 'text/html' }, 'SUBREQUEST_HTTP_ERROR'],
  ])('has an error for %s instead of a stream', async (_what, status, headers, code) => {
    respond(status, headers, 'x');

    expect(await codeOf(client.stream(request))).toBe(code);
  });

  it('waits no longer than its deadline for the stream to begin, and as long as it takes afterwards', async () => {
    let begin = (): void => {};
    server.answer((_incoming, response) => {
      begin = () => response.end('event: next\ndata: {"data":{"late":true}}\n\nevent: complete\n\n');
      response.writeHead(200, events).write(':\n\n');
    });
    const stream = await client.stream(request);
    server.answer(() => {});

    // One that was opened later has run out of time by now, so the first would have too.
    expect(await codeOf(client.stream(request))).toBe('SUBREQUEST_TIMEOUT');
    begin();

    expect((await stream.next()).value).toMatchObject({ data: { late: true } });
    expect((await stream.next()).done).toBe(true);
  });

  it('closes the connection when it is given up, read or not', async () => {
    let open = 0;
    server.answer((_incoming, response) => {
      open += 1;
      response.on('close', () => (open -= 1));
      response.writeHead(200, events).write('event: next\ndata: {"data":{}}\n\n');
    });
    const read = await client.stream(request);
    await read.next();
    await client.stream(request);
    await waitUntil(() => open === 2);

    leaving.abort();

    await waitUntil(() => open === 0);
  });
});
