import { createLogger } from '@trellis/lifecycle';
import { checkGateway, createGateway, type Gateway } from '../create-gateway.ts';
import { librarySubgraphs } from '../testing/library-graph.ts';
import { post } from '../testing/start-library.ts';
import { startSubgraph, type RunningSubgraph } from '../testing/start-subgraph.ts';
import { waitUntil } from '../testing/wait-until.ts';
import { introspectedSupergraph } from './introspection-source.ts';

const whoAmI = { query: '{ me { name } }' };
const grace = { data: { me: { name: 'Grace' } } };
const pollMs = 10;

describe('a supergraph of subgraphs that are introspected', () => {
  let subgraphs: RunningSubgraph[];
  let gateway: Gateway | undefined;
  let told: string[];
  beforeEach(async () => {
    subgraphs = await Promise.all(librarySubgraphs.map(startSubgraph));
    told = [];
  });
  afterEach(async () => {
    await gateway?.stop();
    gateway = undefined;
    await Promise.all(subgraphs.map((subgraph) => subgraph.stop()));
  });

  const people = (): RunningSubgraph => subgraphs.find(({ name }) => name === 'people')!;
  const options = () => ({
    supergraph: introspectedSupergraph(
      Object.fromEntries(subgraphs.map(({ name, url }) => [name, url])),
      pollMs,
    ),
    port: 0,
    headers: { request: [{ insert: 'x-reader', value: 'gateway' }] },
    logger: createLogger('gateway', 'warn', {
      write: (line) => told.push((JSON.parse(line) as { msg: string }).msg),
    }),
  });
  const start = async (): Promise<Gateway> => (gateway = await createGateway(options()));
  const readiness = async (): Promise<{ status: number; body: unknown }> => {
    const response = await fetch(`${gateway!.url}/health/ready`);
    return { status: response.status, body: await response.json() };
  };
  /** Tells another schema, or what is no schema. */
  const tellSdl = (sdl: string): void =>
    people().misbehave((_request, response) => void response.json({ data: { _service: { sdl } } }));

  it('is composed of what they tell, who are asked as they are for operations', async () => {
    const { url, isServing } = await start();

    expect(isServing()).toBe(true);
    expect((await post(url, whoAmI)).body).toEqual(grace);
    expect(people().received[0]?.headers).toMatchObject({
      'x-reader': 'gateway',
      'x-gateway-identity': expect.any(String) as string,
    });
  });

  it('is waited for while a subgraph is away, and the gateway says so', async () => {
    people().misbehave((_request, response) => void response.status(503).end());
    const { url, isServing } = await start();

    expect(isServing()).toBe(false);
    expect(await readiness()).toEqual({
      status: 503,
      body: {
        status: 'down',
        checks: {
          supergraph: { status: 'down', detail: 'waits for subgraphs: people: SUBREQUEST_HTTP_ERROR' },
        },
      },
    });
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    expect((await fetch(`${url}/.well-known/jwks.json`)).status).toBe(200);
    const refused = await post(url, whoAmI);
    expect([refused.status, refused.body.errors?.[0]?.extensions]).toEqual([
      503,
      { code: 'SUPERGRAPH_UNAVAILABLE' },
    ]);
    expect(told).toEqual([
      `subgraphs cannot be introspected: people at ${people().url} (status 503); the gateway waits`,
    ]);

    people().misbehave(undefined);

    await waitUntil(isServing);
    expect((await post(url, whoAmI)).body).toEqual(grace);
    expect((await readiness()).status).toBe(200);
  });

  it.each([
    [
      'do not compose',
      'type Query { me: Person } type Person @key(fields: "nope") { id: ID! }',
      'do not compose',
    ],
    ['tell no GraphQL', 'type Query {', 'people: does not tell its schema'],
  ])('is waited for while they %s', async (_what, sdl, detail) => {
    tellSdl(sdl);
    const { isServing } = await start();

    expect(JSON.stringify((await readiness()).body)).toContain(detail);

    people().misbehave(undefined);
    await waitUntil(isServing);
  });

  it('is given up when the gateway is stopped while it waits', async () => {
    people().misbehave((_request, response) => void response.status(503).end());
    const { url, stop } = await start();
    let asked = 0;
    people().misbehave(() => void (asked += 1));
    await waitUntil(() => asked > 0);

    await stop();

    await expect(fetch(url)).rejects.toThrow();
  });

  it('stays in service while a subgraph is away, and is composed anew when one tells another schema', async () => {
    const { url } = await start();
    people().misbehave((_request, response) => void response.status(503).end());
    await waitUntil(() => told.length > 0);
    expect(told[0]).toBe(
      `subgraphs cannot be introspected: people at ${people().url} (status 503); the one before stays in service`,
    );
    people().misbehave(undefined);
    expect((await post(url, whoAmI)).body).toEqual(grace);

    tellSdl(`${people().typeDefs} extend type Query { brandNew: Int }`);

    await waitUntil(async () => {
      const { body } = await post(url, { query: '{ brandNew __typename }' });
      return body.errors?.[0]?.extensions?.['code'] !== 'GRAPHQL_VALIDATION_FAILED';
    });
  });

  it('says once that a subgraph is away, and once that it is back', async () => {
    const lines: string[] = [];
    const { url } = (gateway = await createGateway({
      ...options(),
      logger: createLogger('gateway', 'info', {
        write: (line) => lines.push((JSON.parse(line) as { msg: string }).msg),
      }),
    }));
    let asked = 0;
    people().misbehave((_request, response) => {
      asked += 1;
      response.status(503).end();
    });
    // Twice, each time with its retries, and no more than its circuit breaker lets through.
    await waitUntil(() => asked >= 7);
    people().misbehave(undefined);
    await waitUntil(() => lines.includes('the supergraph can be read again'));

    expect(lines.filter((line) => line.includes('cannot be introspected'))).toHaveLength(1);
    expect((await post(url, whoAmI)).body).toEqual(grace);
    expect(lines.filter((line) => line.includes('again'))).toHaveLength(1);
  });

  it('is tried for once by a check, which names every subgraph that keeps it away', async () => {
    for (const subgraph of subgraphs)
      subgraph.misbehave((_request, response) => void response.status(404).end());

    const checking = checkGateway(options()).catch(String);

    for (const { name, url } of subgraphs) expect(await checking).toContain(`${name} at ${url} (status 404)`);
  });
});
