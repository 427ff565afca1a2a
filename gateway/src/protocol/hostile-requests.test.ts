import { connect } from 'node:net';
import { post, startLibrary, type RunningLibrary } from '../testing/start-library.ts';

describe('the gateway under requests that mean harm', () => {
  let library: RunningLibrary;

  beforeAll(async () => {
    library = await startLibrary();
  });
  afterAll(() => library.stop());

  const isAlive = async () => (await fetch(`${library.gateway.url}/health/live`)).status === 200;

  it('outlives a client that asks for an upgrade and resets the connection', async () => {
    const { port } = new URL(library.gateway.url);
    for (const path of ['/nope', '/graphql', 'http://x/graphql']) {
      await Promise.all(
        Array.from(
          { length: 10 },
          () =>
            new Promise<void>((resolve) => {
              const socket = connect(Number(port), '127.0.0.1', () => {
                socket.write(
                  `GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n`,
                );
                setImmediate(() => socket.resetAndDestroy());
              });
              socket.on('error', () => undefined);
              socket.on('close', () => resolve());
            }),
        ),
      );
    }
    expect(await isAlive()).toBe(true);
  });

  it.each([
    ['headers', 'POST /graphql HTTP/1.1\r\nhost: x\r\nx-slow: '],
    [
      'a body',
      'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{',
    ],
  ])('waits for %s that drip in no longer than it is told', async (_what, beginning) => {
    const impatient = await startLibrary({ receiveTimeoutMs: 200 });
    const socket = connect(Number(new URL(impatient.gateway.url).port), '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk) => (answer += String(chunk)));
    socket.write(beginning);
    const drip = setInterval(() => socket.write(' '), 20);
    socket.on('error', () => undefined);
    await new Promise((resolve) => socket.on('close', resolve));
    clearInterval(drip);
    await impatient.stop();

    expect(answer).toContain('408 Request Timeout');
  });

  it('answers a list of thousands of wrong elements with a few errors', async () => {
    const { status, body } = await post(library.gateway.url, {
      query: 'query ($input: EchoInput!) { echo(input: $input) }',
      variables: { input: { numbers: Array.from({ length: 20_000 }, () => 'x'.repeat(10)) } },
    });
    expect(status).toBe(400);
    expect(body.errors?.[0]?.extensions?.['code']).toBe('BAD_USER_INPUT');
    expect(body.errors!.length).toBeLessThan(50);
  });

  it('refuses an operation that is huge once its fragments are spread', async () => {
    const fragments = Array.from(
      { length: 20 },
      (
        _,
        depth,
      ) => `fragment F${depth} on Query { a${depth}: __schema { ...G${depth} } ${depth < 19 ? `...F${depth + 1}` : '__typename'} }
        fragment G${depth} on __Schema { types { name } ${depth < 19 ? `...G${depth + 1} ... on __Schema { ...G${depth + 1} }` : ''} }`,
    );
    const { status, body } = await post(library.gateway.url, { query: `{ ...F0 } ${fragments.join('\n')}` });
    expect(status).toBe(400);
    expect(body.errors?.[0]?.extensions?.['code']).toBe('OPERATION_TOO_LARGE');
    expect(await isAlive()).toBe(true);
  });
});
