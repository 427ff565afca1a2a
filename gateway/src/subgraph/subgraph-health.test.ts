import type { RequestHandler } from 'express';
import { startLibrary, type RunningLibrary } from '../testing/start-library.ts';

describe('the gateway’s health', () => {
  let library: RunningLibrary;

  beforeEach(async () => {
    library = await startLibrary();
  });
  afterEach(() => library.stop());

  async function ready(): Promise<{ status: number; body: unknown }> {
    const response = await fetch(`${library.gateway.url}/health/ready`);
    return { status: response.status, body: await response.json() };
  }
  const health = (answer: RequestHandler): RequestHandler => {
    return (request, response, next) =>
      request.path === '/health/ready' ? answer(request, response, next) : next();
  };

  it('is alive whatever its subgraphs are', async () => {
    await Promise.all(Object.values(library.subgraphs).map((subgraph) => subgraph.stop()));

    const response = await fetch(`${library.gateway.url}/health/live`);

    expect([response.status, await response.json()]).toEqual([200, { status: 'up' }]);
  });

  it('is ready when every subgraph answers, even one that knows nothing of health', async () => {
    expect(await ready()).toEqual({
      status: 200,
      body: {
        status: 'up',
        checks: {
          people: { status: 'up' },
          media: { status: 'up' },
          reviews: { status: 'up' },
          shipping: { status: 'up' },
        },
      },
    });
  });

  it('shows what a subgraph says of itself, its broker for one, and nothing that it should not say', async () => {
    library.subgraphs['people']!.misbehave(
      health(
        (_request, response) =>
          void response.status(503).json({
            status: 'down',
            secret: 'amqp://user:password@host',
            checks: {
              database: { status: 'up' },
              broker: { status: 'down', detail: 'not connected', url: 'amqp://x' },
              odd: 5,
            },
          }),
      ),
    );

    const { status, body } = await ready();

    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: 'degraded',
      checks: {
        people: {
          status: 'down',
          checks: { database: { status: 'up' }, broker: { status: 'down', detail: 'not connected' } },
        },
        media: { status: 'up' },
      },
    });
    expect(JSON.stringify(body)).not.toContain('amqp');
  });

  it.each<[string, (library: RunningLibrary) => unknown, string]>([
    ['is not there', ({ subgraphs }) => subgraphs['people']!.stop(), 'cannot be reached'],
    ['does not answer', ({ subgraphs }) => subgraphs['people']!.misbehave(() => {}), 'no answer in time'],
    [
      'fails',
      ({ subgraphs }) =>
        subgraphs['people']!.misbehave((_request, response) => void response.status(500).end()),
      'status 500',
    ],
    [
      'is something else',
      ({ subgraphs }) => subgraphs['people']!.misbehave((_request, response) => void response.send('<html>')),
      'does not answer GraphQL',
    ],
    [
      'answers without end',
      ({ subgraphs }) =>
        subgraphs['people']!.misbehave(
          health((_request, response) => void response.send('x'.repeat(1_000_000))),
        ),
      'answers too much',
    ],
  ])('is degraded, and ready for everything else, when a subgraph %s', async (_what, arrange, detail) => {
    await arrange(library);

    const { status, body } = await ready();

    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'degraded', checks: { people: { status: 'down', detail } } });
  });

  it('shows that a subgraph is degraded itself', async () => {
    library.subgraphs['people']!.misbehave(
      health(
        (_request, response) =>
          void response.json({
            status: 'degraded',
            checks: { broker: { status: 'down' }, mail: { status: 'degraded' } },
          }),
      ),
    );

    expect(await ready()).toMatchObject({
      status: 200,
      body: {
        status: 'degraded',
        checks: {
          people: {
            status: 'degraded',
            checks: { broker: { status: 'down' }, mail: { status: 'degraded' } },
          },
        },
      },
    });
  });
});
