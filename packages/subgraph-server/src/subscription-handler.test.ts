import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { waitFor } from '../../../tests/support/wait-for.ts';
import { floodEvents } from './testing/shop-schema.ts';
import { ada, startTestSubgraph, type TestSubgraph } from './testing/start-test-subgraph.ts';

let shop: TestSubgraph;

beforeEach(async () => {
  shop = await startTestSubgraph();
});

afterEach(() => shop.stop());

describe('a subscription to a subgraph', () => {
  it('names the argument of a subscription that a variable leaves null', async () => {
    const response = await shop.post(
      'subscription ($from: Int = 1) { ticks(from: $from) }',
      { ...shop.asCaller(ada), accept: 'text/event-stream' },
      { from: null },
    );
    expect(await response.text()).toMatch(/Argument .*from.*"code":"BAD_USER_INPUT"/);
  });

  it('streams a subscription as server-sent events, masking what fails in it', async () => {
    const response = await shop.post('subscription { ticks }', {
      ...shop.asCaller(ada),
      accept: 'text/event-stream',
    });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const text = await response.text();
    expect(text).toContain('{"data":{"ticks":1}}');
    expect(text).toContain('"message":"Internal server error"');
    expect(text).not.toContain('secrets');
    expect(shop.streamsOpen).toBe(0);
  });

  it('breaks a stream off when the source of its events fails', async () => {
    const response = await shop.post('subscription { failing }', {
      ...shop.asCaller(ada),
      accept: 'text/event-stream',
    });
    await expect(response.text()).rejects.toThrow();
  });

  it('refuses a subscription without the gateway behind it', async () => {
    const response = await shop.post('subscription { ticks }', { accept: 'text/event-stream' });
    expect(response.status).toBe(401);
    await response.body?.cancel();
  });

  it('asks for no more events than a reader takes', async () => {
    const response = await shop.post('subscription { flood }', {
      ...shop.asCaller(ada),
      accept: 'text/event-stream',
    });
    let before: number;
    await waitFor('the flood to stand still', async () => {
      before = shop.floodTaken;
      // Meanwhile others are answered, so the server had every chance to ask for more.
      for (let request = 0; request < 20; request++)
        await (await shop.post('{ whoami }', shop.asCaller(ada))).text();
      return before === shop.floodTaken;
    });
    expect(shop.floodTaken).toBeLessThan(floodEvents);

    const text = await response.text();
    expect(text.split('event: next')).toHaveLength(floodEvents + 1);
  });

  it('breaks streams off when it stops, so that a reader knows to ask again', async () => {
    const response = await shop.post('subscription { silence }', {
      ...shop.asCaller(ada),
      accept: 'text/event-stream',
    });
    const reader = response.body!.getReader();
    await waitFor('the first event', async () =>
      Buffer.from((await reader.read()).value ?? []).includes('silence'),
    );
    await shop.stop();
    await expect(reader.read()).rejects.toThrow();
  });
});
