import type { Response } from 'express';
import { aReview, reviewFeed } from '../testing/library-graph.ts';
import { startLibrary, type RunningLibrary } from '../testing/start-library.ts';
import { waitUntil } from '../testing/wait-until.ts';
import { Conversation } from '../testing/web-socket-client.ts';

describe('a client that completes an operation over WebSocket', () => {
  let library: RunningLibrary;

  const subscription = { query: 'subscription { reviewAdded { stars } }' };
  const query = { query: '{ person(id: "p1") { name } }' };
  const mutation = { query: 'mutation { rename(id: "p1", name: "x") { name } }' };
  /** Requests to people that have no answer yet. */
  let held: Set<Response>;
  let asked: number;
  const answerHeld = (): void =>
    held.forEach((response) => void response.json({ data: { person: { name: 'Ada' } } }));

  beforeAll(async () => {
    // No test waits for them.
    library = await startLibrary({ subgraphDeadlineMs: 600_000, requestDeadlineMs: 600_000 });
  });
  afterAll(() => library.stop());
  beforeEach(() => {
    held = new Set();
    asked = 0;
    library.subgraphs['people']!.misbehave((_request, response) => {
      asked += 1;
      held.add(response);
      response.once('close', () => held.delete(response));
    });
  });
  afterEach(() => {
    answerHeld();
    library.subgraphs['people']!.misbehave(undefined);
  });

  it.each<[string, (client: Conversation) => Promise<void>]>([
    ['while that waits for its answer', () => waitUntil(() => held.size === 1)],
    ['in the same breath', async () => {}],
  ])('is given nothing of it under the id of the next, %s', async (_when, ready) => {
    const client = new Conversation(library.gateway.url);
    await client.greet();

    await client.say({ type: 'subscribe', id: '1', payload: query });
    await ready(client);
    void client.say({ type: 'complete', id: '1' });
    await client.say({ type: 'subscribe', id: '1', payload: subscription });
    await waitUntil(() => library.subgraphs['reviews']!.openStreams() === 1);
    answerHeld();
    reviewFeed.emit('review', aReview({ stars: 3 }));
    await client.hear('next');
    await client.say({ type: 'complete', id: '1' });
    await waitUntil(() => library.subgraphs['reviews']!.openStreams() === 0);
    await client.leave();

    expect(client.heard.slice(1)).toEqual([
      { type: 'next', id: '1', payload: { data: { reviewAdded: { stars: 3 } } } },
    ]);
  });

  it('is given the events of the next with its id alone', async () => {
    const client = new Conversation(library.gateway.url);
    await client.greet();

    await client.say({ type: 'subscribe', id: '1', payload: subscription });
    await waitUntil(() => library.subgraphs['reviews']!.openStreams() === 1);
    void client.say({ type: 'complete', id: '1' });
    await client.say({
      type: 'subscribe',
      id: '1',
      payload: { query: 'subscription { reviewAdded { body } }' },
    });
    const latest = () => library.subgraphs['reviews']!.received.at(-1)!.query;
    await waitUntil(() => latest().includes('body') && library.subgraphs['reviews']!.openStreams() === 1);
    reviewFeed.emit('review', aReview());
    await client.hear('next');
    await client.say({ type: 'complete', id: '1' });
    await waitUntil(() => library.subgraphs['reviews']!.openStreams() === 0);
    await client.leave();

    expect(client.heard.slice(1)).toEqual([
      { type: 'next', id: '1', payload: { data: { reviewAdded: { body: 'New' } } } },
    ]);
  });

  it('has what a query waits for given up', async () => {
    const client = new Conversation(library.gateway.url);
    await client.greet();

    await client.say({ type: 'subscribe', id: '1', payload: query });
    await waitUntil(() => held.size === 1);
    await client.say({ type: 'complete', id: '1' });

    await waitUntil(() => held.size === 0);
    await client.leave();
  });

  it('has it counted until it is over: a mutation goes on', async () => {
    const client = new Conversation(library.gateway.url);
    await client.greet();

    for (let id = 1; id <= 100; id++) {
      await client.say({ type: 'subscribe', id: `${id}`, payload: mutation });
      await waitUntil(() => asked === id);
      await client.say({ type: 'complete', id: `${id}` });
    }
    await client.say({ type: 'subscribe', id: '101', payload: mutation });

    expect(await client.hear('error', 'next')).toMatchObject({
      id: '101',
      payload: [{ extensions: { code: 'TOO_MANY_OPERATIONS' } }],
    });
    expect(held.size).toBe(100);
    await client.leave();
  });
});
