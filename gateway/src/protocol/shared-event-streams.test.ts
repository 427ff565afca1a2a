import express from 'express';
import { listen } from '@trellis/lifecycle';
import { createAborting } from '../aborting.ts';
import { aReview, reviewFeed } from '../testing/library-graph.ts';
import { post, startLibrary, type RunningLibrary } from '../testing/start-library.ts';
import { waitUntil } from '../testing/wait-until.ts';
import { createSharedEventStreams } from './shared-event-streams.ts';

const header = 'x-graphql-event-stream-token';

describe('an event stream of several operations', () => {
  let library: RunningLibrary;
  let leaving: AbortController;
  const url = (): string => `${library.gateway.url}/graphql`;

  async function reserve(): Promise<string> {
    const response = await fetch(url(), { method: 'PUT' });
    expect(response.status).toBe(201);
    return response.text();
  }
  async function open(search: string): Promise<{ text(): string }> {
    const { body } = await fetch(`${url()}${search}`, {
      headers: { accept: 'text/event-stream' },
      signal: leaving.signal,
    });
    let text = '';
    void body!
      .pipeThrough(new TextDecoderStream())
      .pipeTo(new WritableStream({ write: (chunk) => void (text += chunk) }))
      .catch(() => {});
    return { text: () => text };
  }
  const run = (token: string, operationId: string, query: string) =>
    fetch(url(), {
      method: 'POST',
      headers: { 'content-type': 'application/json', [header]: token },
      body: JSON.stringify({ query, extensions: { operationId } }),
    });

  beforeAll(async () => {
    library = await startLibrary({
      corsOrigins: ['https://shop.example'],
      // No test waits for them.
      subgraphDeadlineMs: 600_000,
      requestDeadlineMs: 600_000,
    });
  });
  afterAll(() => library.stop());
  beforeEach(() => (leaving = new AbortController()));
  afterEach(() => leaving.abort());

  it('brings results of operations under their ids, also of those that every connection knows', async () => {
    const query = '{ me { name } }';
    await post(library.gateway.url, { query });
    const token = await reserve();
    const stream = await open(`?token=${token}`);

    const answers = await Promise.all([run(token, 'a', query), run(token, 'b', '{ nothing }')]);

    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    await waitUntil(() => stream.text().split('event: complete').length === 3);
    expect(stream.text()).toContain('data: {"id":"a","payload":{"data":{"me":{"name":"Grace"}}}}');
    expect(stream.text()).toMatch(/data: {"id":"b","payload":{"errors":\[{.*GRAPHQL_VALIDATION_FAILED/);
  });

  it('keeps results until it is opened', async () => {
    const token = await reserve();
    await run(token, 'a', '{ me { name } }');

    const stream = await open(`?token=${token}`);

    await waitUntil(() => stream.text().includes('"Grace"'));
  });

  it('is found by its token wherever in the query string that stands', async () => {
    const token = await reserve();
    const stream = await open(`?note=why?&token=${token}`);
    await run(token, 'a', '{ me { name } }');

    await waitUntil(() => stream.text().includes('event: next'));
    expect(stream.text()).toContain('"Grace"');
  });

  it('ends an operation that is deleted, and gives up what it waits for', async () => {
    let given = false;
    library.subgraphs['people']!.misbehave((_request, response) => {
      response.once('close', () => (given = true));
    });
    const token = await reserve();
    const stream = await open(`?token=${token}`);
    await run(token, 'a', '{ me { name } }');

    const response = await fetch(`${url()}?operationId=a`, {
      method: 'DELETE',
      headers: { [header]: token },
    });

    expect(response.status).toBe(200);
    await waitUntil(() => given);
    library.subgraphs['people']!.misbehave(undefined);
    await waitUntil(() => stream.text().includes('event: complete'));
  });

  it('keeps an operation that is deleted apart from the next with its id', async () => {
    let asked = false;
    library.subgraphs['people']!.misbehave(() => void (asked = true));
    const token = await reserve();
    const stream = await open(`?token=${token}`);
    const remove = () => fetch(`${url()}?operationId=a`, { method: 'DELETE', headers: { [header]: token } });

    await run(token, 'a', 'mutation { rename(id: "p1", name: "x") { name } }');
    await waitUntil(() => asked);
    await remove();
    await waitUntil(() => stream.text().includes('event: complete'));
    const { status } = await run(token, 'a', 'subscription { reviewAdded { stars } }');
    await waitUntil(() => library.subgraphs['reviews']!.openStreams() === 1);
    reviewFeed.emit('review', aReview({ stars: 3 }));
    await waitUntil(() => stream.text().includes('"stars":3'));
    await remove();

    expect(status).toBe(202);
    await waitUntil(() => library.subgraphs['reviews']!.openStreams() === 0);
    library.subgraphs['people']!.misbehave(undefined);
  });

  it.each(['GET', 'POST', 'DELETE'])(
    'answers a %s for a stream that is not there with 404',
    async (method) => {
      const response = await fetch(url(), { method, headers: { [header]: 'nobody’s'.slice(0, 6) } });

      expect(response.status).toBe(404);
    },
  );

  it.each([{ a: 1 }, ['a'], 7, true])('takes %j for the id of no operation', async (operationId) => {
    const response = await fetch(url(), {
      method: 'POST',
      headers: { 'content-type': 'application/json', [header]: await reserve() },
      body: JSON.stringify({ query: '{ me { name } }', extensions: { operationId } }),
    });

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
  });

  it('gives up the oldest reservation of a client that makes too many, and none that is open', async () => {
    const opened = await reserve();
    const stream = await open(`?token=${opened}`);
    const oldest = await reserve();
    const others = [];
    for (let count = 0; count < 50; count++) others.push(await reserve());

    const { status } = await run(oldest, 'a', '{ me { name } }');
    expect(status).toBe(404);
    for (const token of [opened, others[0]!, others.at(-1)!])
      expect((await run(token, 'a', '{ me { name } }')).status).toBe(202);
    await waitUntil(() => stream.text().includes('"Grace"'));
  });

  it('is open to pages of allowed origins', async () => {
    const response = await fetch(url(), {
      method: 'OPTIONS',
      headers: {
        origin: 'https://shop.example',
        'access-control-request-method': 'DELETE',
        'access-control-request-headers': header,
      },
    });

    expect(response.headers.get('access-control-allow-methods')).toContain('PUT, DELETE');
    expect(response.headers.get('access-control-allow-headers')).toBe(header);
  });
});

const context = {
  identity: { kind: 'anonymous' },
  correlationId: 'c',
  forwardedHeaders: {},
  signal: createAborting().signal,
} as const;

it('does not wait for its operations when it is stopped', async () => {
  let running = 0;
  const run = (): Promise<never> => {
    running += 1;
    return new Promise(() => {});
  };
  const streams = createSharedEventStreams({ prepare: async () => ({ run }) as never }, async () => context);
  const listener = await listen(express().use(express.json(), streams.middleware), {
    port: 0,
    host: '127.0.0.1',
  });
  const opened = await Promise.all(
    ['a', 'b'].map(async () => {
      const token = await fetch(listener.url, { method: 'PUT' }).then((response) => response.text());
      const response = await fetch(`${listener.url}?token=${token}`, {
        headers: { accept: 'text/event-stream' },
      });
      await fetch(listener.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', [header]: token },
        body: JSON.stringify({ query: 'mutation { slow }', extensions: { operationId: 'a' } }),
      });
      return response;
    }),
  );
  await waitUntil(() => running === 2);

  await streams.stop();

  await Promise.all(opened.map((response) => response.text()));
  await listener.stop(0);
});

it('forgets a reservation that nobody comes for, with the operations that wait for it', async () => {
  let given = false;
  const streams = createSharedEventStreams(
    {
      prepare: async (_params, { signal }) =>
        ({
          run: async () => {
            await new Promise<void>((resolve) => signal.addEventListener('abort', resolve));
            given = true;
            return {};
          },
        }) as never,
    },
    async () => context,
    20,
  );
  const listener = await listen(express().use(express.json(), streams.middleware), {
    port: 0,
    host: '127.0.0.1',
  });
  try {
    let token = '';
    const ask = async (): Promise<boolean> => {
      token = await fetch(listener.url, { method: 'PUT' }).then((response) => response.text());
      const { status } = await fetch(listener.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', [header]: token },
        body: JSON.stringify({ query: '{ slow }', extensions: { operationId: 'a' } }),
      });
      return status === 202;
    };
    // On a busy machine, the reservation may have ended before it was used.
    await waitUntil(ask);

    await waitUntil(() => given);
    const { status } = await fetch(listener.url, {
      headers: { accept: 'text/event-stream', [header]: token },
    });
    expect(status).toBe(404);
  } finally {
    await streams.stop();
    await listener.stop(0);
  }
});
