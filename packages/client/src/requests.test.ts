import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import { GraphQLRequestError, TransportError } from './errors.ts';
import { startTestServer, type TestServer } from './testing/start-test-server.ts';

type Document<Data, Variables> = TypedDocumentNode<Data, Variables>;
type None = Record<string, never>;
const greet = parse('query Greet($name: String!) { greet(name: $name) }') as Document<
  { greet: string },
  { name: string }
>;
const caller = parse('{ caller }') as Document<{ caller: string | null }, None>;
const half = parse('{ half { here missing } }') as Document<unknown, None>;

let server: TestServer;

beforeEach(async () => {
  server = await startTestServer();
});

afterEach(() => server.stop());

describe('a request', () => {
  it('returns the data, with the types of the document', async () => {
    const data = await server.connect().request(greet, { name: 'Ada' });

    const greeting: string = data.greet;
    expect(greeting).toBe('Hello, Ada');
  });

  it('carries the token of the moment', async () => {
    let token: string | undefined = undefined;
    const client = server.connect({ token: () => token });

    expect(await client.request(caller)).toEqual({ caller: null });
    token = 'abc';
    expect(await client.request(caller)).toEqual({ caller: 'Bearer abc' });
  });

  it('throws the errors of the server with their codes, and keeps what data there is', async () => {
    const error = await server
      .connect()
      .request(half)
      .catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(GraphQLRequestError);
    expect(error).toMatchObject({
      message: 'not here',
      codes: ['NOT_FOUND'],
      errors: [{ path: ['half', 'missing'] }],
      data: { half: { here: 1, missing: null } },
    });
  });

  it.each([
    ['an error page', '<h1>Bad gateway</h1>'],
    ['JSON that is not GraphQL', '{"message":"nope"}'],
  ])('throws when the answer is no GraphQL: %s', async (_, body) => {
    server.answerWith = (response) => response.writeHead(502).end(body);

    const error = await server
      .connect()
      .request(caller)
      .catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(TransportError);
    expect(error).toMatchObject({ message: 'HTTP 502 came that is not GraphQL', status: 502 });
  });

  it('throws when nobody listens, and says where', async () => {
    const url = server.url;
    await server.stop();

    await expect(server.connect({ url }).request(caller)).rejects.toThrow(
      `no answer from ${url}: ECONNREFUSED`,
    );
  });

  it('throws when the answer does not come in time', async () => {
    server.answerWith = () => undefined;

    await expect(server.connect({ timeoutMs: 20 }).request(caller)).rejects.toThrow('no answer in 20 ms');
  });

  it('is given up when the client stops', async () => {
    const received = new Promise<void>((resolve) => {
      server.answerWith = () => resolve();
    });
    const client = server.connect();
    const answer = client.request(caller).catch((reason: unknown) => reason);
    await received;

    await client.stop();

    expect(await answer).toMatchObject({ name: 'TransportError', message: 'the client was stopped' });
    await expect(client.request(caller)).rejects.toThrow('the client was stopped');
  });
});
