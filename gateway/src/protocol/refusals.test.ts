import { createHash } from 'node:crypto';
import { jest } from '@jest/globals';
import { createRecordingLogger } from '../../../tests/support/recording-logger.ts';
import { post, startLibrary, type GraphQLBody, type RunningLibrary } from '../testing/start-library.ts';
import { Conversation } from '../testing/web-socket-client.ts';

interface Asked {
  readonly query?: string;
  readonly variables?: Record<string, unknown>;
  readonly extensions?: Record<string, unknown>;
}

/** Asks for something by one transport, and says what errors it brings. */
type Ask = (url: string, asked: Asked) => Promise<GraphQLBody['errors']>;

const transports: [string, Ask][] = [
  ['a plain POST', async (url, asked) => (await post(url, asked)).body.errors],
  [
    'server-sent events',
    async (url, asked) => {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
        body: JSON.stringify(asked),
      });
      const text = await response.text();
      expect([response.status, text.includes('event: complete')]).toEqual([200, true]);
      return (JSON.parse(/^event: next\ndata: (.*)$/m.exec(text)![1]!) as GraphQLBody).errors;
    },
  ],
  [
    'a WebSocket',
    async (url, asked) => {
      const client = new Conversation(url);
      await client.greet();
      await client.say({ type: 'subscribe', id: '1', payload: { query: '', ...asked } });
      const heard = await client.hear('next', 'error');
      // The connection is there for other operations still.
      await client.say({ type: 'ping' });
      await client.hear('pong');
      await client.leave();
      return heard.type === 'next'
        ? (heard.payload as GraphQLBody).errors
        : (heard.payload as GraphQLBody['errors']);
    },
  ],
];

describe.each(transports)('a request that is refused, over %s,', (_transport, ask) => {
  const recorder = createRecordingLogger();
  let library: RunningLibrary;
  let noise: jest.SpiedFunction<typeof console.error>;

  beforeAll(async () => {
    library = await startLibrary({ logger: recorder.logger, introspection: false });
    noise = jest.spyOn(console, 'error').mockImplementation(() => {});
  });
  afterAll(async () => {
    noise.mockRestore();
    await library.stop();
  });
  afterEach(() => expect(noise).not.toHaveBeenCalled());

  it.each([
    ['subscription { reviewAdded @skip(if: true) { id } }', {}],
    ['subscription($no: Boolean!) { reviewAdded @include(if: $no) { id } }', { no: false }],
    ['subscription($yes: Boolean!) { ... @skip(if: $yes) { reviewAdded { id } } }', { yes: true }],
    ['subscription { ...F } fragment F on Subscription { reviewAdded @skip(if: true) { id } }', {}],
  ])('is %s, which may have nothing to subscribe to', async (query, variables) => {
    expect(await ask(library.gateway.url, { query, variables })).toMatchObject([
      {
        message: 'A subscription has one root field: @skip and @include cannot be used on it.',
        extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
      },
    ]);
  });

  it('is a document with another hash than it says', async () => {
    const persistedQuery = {
      version: 1,
      sha256Hash: createHash('sha256').update('{ me { id } }').digest('hex'),
    };

    expect(await ask(library.gateway.url, { query: '{ version }', extensions: { persistedQuery } })).toEqual([
      { message: 'provided sha does not match query', extensions: { code: 'PERSISTED_QUERY_HASH_MISMATCH' } },
    ]);
  });

  it('is a persisted query of a version that nobody knows', async () => {
    const extensions = { persistedQuery: { version: 2, sha256Hash: 'x' } };

    expect(await ask(library.gateway.url, { query: '{ version }', extensions })).toMatchObject([
      { extensions: { code: 'BAD_REQUEST' } },
    ]);
  });

  it.each<[string, Asked]>([
    ['a field', { query: '{ versio }' }],
    ['an argument', { query: '{ person(ids: "p1") { name } }' }],
    ['a type', { query: '{ search(text: "x") { ... on Fil { id } } }' }],
    ['a value of an enum', { query: '{ media(genre: SCIENC) { title } }' }],
    [
      'a value of an enum among the variables',
      { query: 'query($genre: Genre) { media(genre: $genre) { title } }', variables: { genre: 'SCIENC' } },
    ],
    [
      'a field of an input among the variables',
      { query: 'query($input: EchoInput!) { echo(input: $input) }', variables: { input: { tex: 'x' } } },
    ],
  ])('is told no other name when it misspells %s and the schema is not to be read', async (_what, asked) => {
    const errors = await ask(library.gateway.url, asked);

    expect(errors!.length).toBeGreaterThan(0);
    expect(JSON.stringify(errors)).not.toMatch(/did you mean|SCIENCE|version|"text"|Film/i);
  });

  it('is written to the log without the client’s variables', async () => {
    const query = 'query($input: EchoInput!) { echo(input: $input) }';
    await ask(library.gateway.url, { query, variables: { input: { pasword: 'hunter2' } } });

    expect(recorder.lines.some((line) => line.includes('BAD_USER_INPUT'))).toBe(true);
    expect(recorder.lines.join()).not.toContain('hunter2');
  });
});

describe('a persisted query', () => {
  let library: RunningLibrary;

  beforeAll(async () => {
    library = await startLibrary();
  });
  afterAll(() => library.stop());

  it('that one transport was told is known to the others', async () => {
    const query = '{ people { nickname } }';
    const extensions = {
      persistedQuery: { version: 1, sha256Hash: createHash('sha256').update(query).digest('hex') },
    };
    const codes = [];
    for (const [, ask] of transports) codes.push(await ask(library.gateway.url, { extensions }));
    await transports[1]![1](library.gateway.url, { query, extensions });
    for (const [, ask] of transports) codes.push(await ask(library.gateway.url, { extensions }));

    const unknown = [expect.objectContaining({ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } })];
    expect(codes).toEqual([unknown, unknown, unknown, undefined, undefined, undefined]);
  });
});
