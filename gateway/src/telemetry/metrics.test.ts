import { createClient } from 'graphql-sse';
import { post, startLibrary, type RunningLibrary } from '../testing/start-library.ts';
import { waitUntil } from '../testing/wait-until.ts';

describe('metrics', () => {
  let library: RunningLibrary;
  beforeEach(async () => {
    library = await startLibrary({ metricsPort: 0 });
  });
  afterEach(() => library.stop());

  /** The value of a series, by its name with labels as they are written. */
  async function read(series: string): Promise<number | undefined> {
    const text = await (await fetch(library.gateway.metricsUrl!)).text();
    const line = text.split('\n').find((candidate) => candidate.startsWith(`${series} `));
    return line === undefined ? undefined : Number(line.slice(series.length + 1));
  }
  const requests = (status: number): string =>
    `http_server_request_duration_seconds_count{http_request_method="POST",http_response_status_code="${status}"}`;

  it('count requests, operations and subgraph requests, on every path', async () => {
    const query = '{ me { name } }';
    await post(library.gateway.url, { query });
    await post(library.gateway.url, { query });
    await post(library.gateway.url, { query: '{ nonsense }' });

    await waitUntil(async () => (await read(requests(200))) === 2);
    expect(await read(requests(400))).toBe(1);
    expect(await read('graphql_operation_duration_seconds_count{type="query",outcome="ok"}')).toBe(2);
    expect(
      await read('graphql_subgraph_request_duration_seconds_count{subgraph="people",outcome="ok"}'),
    ).toBe(2);
  });

  it('count what failed, by how it failed', async () => {
    library.subgraphs['people']!.misbehave((_request, response) => void response.status(500).send('<html>'));
    await post(library.gateway.url, { query: '{ me { name } }' });

    expect(await read('graphql_operation_duration_seconds_count{type="query",outcome="errors"}')).toBe(1);
    expect(
      await read(
        'graphql_subgraph_request_duration_seconds_count{subgraph="people",outcome="SUBREQUEST_HTTP_ERROR"}',
      ),
    ).toBe(1);
  });

  it('show how many streams are open', async () => {
    const client = createClient({ url: `${library.gateway.url}/graphql`, retryAttempts: 0 });
    const stop = client.subscribe(
      { query: 'subscription { reviewAdded(minStars: 9) { stars } }' },
      { next() {}, error() {}, complete() {} },
    );
    await waitUntil(async () => (await read('graphql_streams_open')) === 1);

    stop();
    await waitUntil(async () => (await read('graphql_streams_open')) === 0);
    client.dispose();
  });

  it('have labels of few values, whatever clients send', async () => {
    await fetch(`${library.gateway.url}/some/path`, { method: 'PROPFIND' });

    await waitUntil(
      async () =>
        (await read(
          'http_server_request_duration_seconds_count{http_request_method="_OTHER",http_response_status_code="404"}',
        )) === 1,
    );
  });

  it('are not at the port of clients', async () => {
    expect((await fetch(`${library.gateway.url}/metrics`)).status).toBe(404);
    expect((await fetch(library.gateway.metricsUrl!.replace('/metrics', '/other'))).status).toBe(404);
  });
});
