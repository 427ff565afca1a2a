import { post, startLibrary, type RunningLibrary } from '../../testing/start-library.ts';

describe('the readiness of a subgraph whose circuit is open', () => {
  let library: RunningLibrary;

  beforeAll(async () => {
    library = await startLibrary({
      subgraphRetries: 0,
      circuitBreaker: { failureRatio: 0.5, minimumRequests: 1, windowMs: 60_000, openMs: 60_000 },
    });
  });
  afterAll(() => library.stop());

  it('is degraded, though it says that it is well', async () => {
    library.subgraphs['people']!.misbehave((request, response) => {
      if (request.path === '/health/ready') response.json({ status: 'up' });
      else response.status(500).end();
    });
    await post(library.gateway.url, { query: '{ me { name } }' });

    const readiness = await fetch(`${library.gateway.url}/health/ready`);

    expect(await readiness.json()).toMatchObject({
      checks: {
        people: { status: 'degraded', detail: 'its circuit is open' },
        media: { status: 'up' },
      },
    });
  });
});
