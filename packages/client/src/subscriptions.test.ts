import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import { TransportError } from './errors.ts';
import { startTestServer, type TestServer } from './testing/start-test-server.ts';

type Document<Data, Variables> = TypedDocumentNode<Data, Variables>;
type None = Record<string, never>;
const count = parse('subscription ($to: Int!) { count(to: $to) }') as Document<
  { count: number },
  { to: number }
>;
const callerOf = parse('subscription { caller }') as Document<{ caller: string | null }, None>;
const fail = parse('subscription { fail }') as Document<{ fail: number }, None>;
const forever = parse('subscription { forever }') as Document<{ forever: number }, None>;
const from = parse('subscription ($after: Int!) { from(after: $after) }') as Document<
  { from: number },
  { after: number }
>;
const unknownField = parse('subscription { nothing }') as Document<unknown, None>;

let server: TestServer;

beforeEach(async () => {
  server = await startTestServer();
});

afterEach(() => server.stop());

describe.each(['websocket', 'sse'] as const)('a subscription over %s', (subscriptions) => {
  it('iterates over the data and ends when the server is done', async () => {
    const received: number[] = [];
    for await (const data of server.connect({ subscriptions }).subscribe(count, { to: 3 }))
      received.push(data.count);

    expect(received).toEqual([1, 2, 3]);
  });

  it('begins at once, and keeps what comes before it is read, the end included', async () => {
    const stream = server.connect({ subscriptions }).subscribe(count, { to: 2 });
    await server.subscriptionEnded;

    const received: number[] = [];
    for await (const data of stream) received.push(data.count);

    expect(received).toEqual([1, 2]);
  });

  it('carries the token', async () => {
    const stream = server.connect({ subscriptions, token: () => 'abc' }).subscribe(callerOf);

    expect(await stream.next()).toEqual({ done: false, value: { caller: 'Bearer abc' } });
  });

  it('ends at the server when the loop is left', async () => {
    for await (const data of server.connect({ subscriptions }).subscribe(forever))
      if (data.forever === 2) break;

    await expect(server.subscriptionEnded).resolves.toBe('forever');
  });

  it('ends with the errors of a result', async () => {
    const stream = server.connect({ subscriptions }).subscribe(fail);

    await expect(stream.next()).rejects.toMatchObject({ name: 'GraphQLRequestError', codes: ['BROKEN'] });
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it('throws the errors of a document that the server refuses, and does not try again', async () => {
    const stream = server.connect({ subscriptions }).subscribe(unknownField);

    await expect(stream.next()).rejects.toThrow('Cannot query field "nothing" on type "Subscription".');
  });

  it('throws when the connection breaks and may not be tried again', async () => {
    const stream = server.connect({ subscriptions, reconnectAttempts: 0 }).subscribe(forever);
    await stream.next();

    server.cut();

    await expect(drain(stream)).rejects.toThrow(TransportError);
  });

  it('subscribes again when the connection breaks', async () => {
    const stream = server.connect({ subscriptions }).subscribe(forever);
    await stream.next();

    server.cut();

    await expect(untilOne(stream)).resolves.toBe(1);
  });

  it('asks for its variables again when the connection breaks', async () => {
    let told = 0;
    const stream = server.connect({ subscriptions }).subscribe(from, () => ({ after: told }));
    const received: number[] = [];

    for await (const data of stream) {
      received.push((told = data.from));
      if (told === 3 || told === 5) server.cut();
      if (told >= 8) break;
    }

    expect(received).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('ends when the client stops', async () => {
    const client = server.connect({ subscriptions });
    const stream = client.subscribe(forever);
    await stream.next();

    await client.stop();

    await expect(drain(stream)).resolves.toBeUndefined();
    expect(() => client.subscribe(forever)).toThrow('the client was stopped');
  });
});

describe('a subscription over sse', () => {
  it('throws a refusal of the whole request, and does not try again', async () => {
    let requests = 0;
    server.answerWith = (response) => {
      requests += 1;
      response.writeHead(401, { 'content-type': 'application/json' });
      response.end('{"errors":[{"message":"log in","extensions":{"code":"UNAUTHENTICATED"}}]}');
    };

    const stream = server.connect({ subscriptions: 'sse' }).subscribe(forever);

    await expect(stream.next()).rejects.toMatchObject({ message: 'log in', codes: ['UNAUTHENTICATED'] });
    expect(requests).toBe(1);
  });
});

async function drain(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of stream);
}

async function untilOne(stream: AsyncIterable<{ forever: number }>): Promise<number | undefined> {
  for await (const data of stream) if (data.forever === 1) return data.forever;
  return undefined;
}
