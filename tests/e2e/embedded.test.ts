import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTrellisClient, LoginDocument } from '@trellis/client';
import { playStory, type StoryEvent } from '@trellis/platform';
import type { Locator } from 'playwright-core';
import { itInBrowser } from '../support/browser.ts';
import { runToEnd, startProcess, type RunningProcess } from '../support/processes.ts';
import { servePageWith } from '../support/served-page.ts';
import { waitFor } from '../support/wait-for.ts';
import { raceForLastItems } from './last-items.ts';
import { placeOneOrder } from './place-one-order.ts';

describe('the embedded platform, started as `npm start` does', () => {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'trellis-e2e-'));
  let platform: RunningProcess;
  let gatewayUrl: string;
  let firstBanner: string;

  beforeAll(async () => {
    await start();
    firstBanner = platform.output();
  }, 60_000);

  afterAll(async () => {
    await platform.stop();
    rmSync(dataDirectory, { recursive: true });
  });

  async function start(): Promise<void> {
    // Known before it is waited for: one that does not come up is stopped with the suite too.
    platform = startProcess('platform/src/main.ts', environment());
    gatewayUrl = await waitFor(
      'the banner',
      () => {
        if (platform.child.exitCode !== null) throw new Error(platform.output());
        return /gateway +(http:\S+)\/graphql/.exec(platform.output())?.[1];
      },
      60_000,
    );
    await waitFor('the whole banner', () => platform.output().includes('Ctrl-C stops'));
  }

  function environment() {
    return {
      TRELLIS_DATA_DIRECTORY: dataDirectory,
      GATEWAY_PORT: '0',
      USERS_PORT: '0',
      PRODUCTS_PORT: '0',
      ORDERS_PORT: '0',
      USERS_BCRYPT_COST: '4',
    };
  }

  function account(role: 'customer' | 'admin') {
    const [, email, password] = new RegExp(`${role} +(\\S+@\\S+) +(\\S+)`).exec(firstBanner)!;
    return { email: email!, password: password! };
  }

  async function roleAfterLogin(input: { email: string; password: string }) {
    const client = createTrellisClient({ url: `${gatewayUrl}/graphql` });
    try {
      return (await client.request(LoginDocument, { input })).login.user?.role;
    } finally {
      await client.stop();
    }
  }

  it('tells where everything is', () => {
    for (const part of ['sandbox', 'explorer', 'users', 'products', 'orders'])
      expect(firstBanner).toMatch(`  ${part} `);
    expect(firstBanner).toContain(dataDirectory);
  });

  it.each(['websocket', 'sse'] as const)('plays the story, subscribed over %s', async (subscriptions) => {
    const told: StoryEvent[] = [];
    await playStory({ gatewayUrl, subscriptions, tell: (event) => told.push(event) });
    expect(told.filter((event) => event.kind === 'status').map((event) => event.status)).toEqual([
      'PENDING',
      'CONFIRMED',
      'PENDING',
      'REJECTED',
    ]);
  });

  it('plays the demo from the command line', async () => {
    const printed = await runToEnd('platform/src/demo/main.ts', { DEMO_GATEWAY_URL: gatewayUrl });
    expect(printed).toContain('All of it happened.');
  });

  it('fails the demo when there is no platform', async () => {
    const demo = startProcess('platform/src/demo/main.ts', { DEMO_GATEWAY_URL: 'http://127.0.0.1:9' });
    expect(await demo.ended()).toBe(1);
    expect(demo.output()).toContain('npm start');
  });

  itInBrowser('has an explorer that needs no internet, subscriptions included', async (page, foreignUrls) => {
    const { accessToken, orderId } = await placeOneOrder(gatewayUrl);
    await page.goto(`${gatewayUrl}/explorer`);
    const typeInto = async (editor: Locator, text: string): Promise<void> => {
      await editor.click();
      await page.keyboard.press('Control+A');
      await page.keyboard.insertText(text);
    };

    const response = page.locator('.graphiql-response');
    await page.getByText('Catalogue').first().waitFor(); // the query that it is opened with
    await page.getByRole('button', { name: /Execute/ }).click();
    await response.getByText('nodes').waitFor();

    await typeInto(
      page.locator('.graphiql-query-editor .monaco-editor').first(),
      `subscription { orderStatusChanged(orderId: "${orderId}") { status customer { name } } }`,
    );
    await page.getByRole('button', { name: 'Headers' }).click();
    await typeInto(
      page.locator('.graphiql-editor-tool .monaco-editor >> visible=true').first(),
      JSON.stringify({ authorization: `Bearer ${accessToken}` }),
    );
    await page.getByRole('button', { name: /Execute/ }).click();
    await response.getByText('CONFIRMED').waitFor();
    await response.getByText('Grace Hopper').waitFor();

    expect(foreignUrls).toEqual([]);
  });

  itInBrowser('plays the story in a page of another origin, by the client bundled for it', async (page) => {
    const served = await servePageWith('platform/src/demo/story.ts', 'story');
    try {
      await page.goto(served.url);
      for (const subscriptions of ['websocket', 'sse'] as const) {
        const statuses = await page.evaluate(
          async (options) => {
            const { story } = globalThis as unknown as { story: { playStory: typeof playStory } };
            const told: StoryEvent[] = [];
            await story.playStory({ ...options, tell: (event) => told.push(event) });
            return told.flatMap((event) => (event.kind === 'status' ? [event.status] : []));
          },
          { gatewayUrl, subscriptions },
        );
        expect(statuses).toEqual(['PENDING', 'CONFIRMED', 'PENDING', 'REJECTED']);
      }
    } finally {
      await served.stop();
    }
  });

  it('gives the last 10 units to exactly 10 of 100 customers', async () => {
    const result = await raceForLastItems({ gatewayUrl, admin: account('admin'), customers: 100, units: 10 });
    expect(result).toEqual({
      orders: { CONFIRMED: 10, REJECTED: 90 },
      stock: { onHand: 10, reserved: 10, available: 0 },
    });
  }, 120_000);

  it('refuses to start a second time on the same data', async () => {
    const second = startProcess('platform/src/main.ts', environment());
    expect(await second.ended()).toBe(1);
    expect(second.output()).toContain('is in use by process');
  });

  it('lists everything that is wrong with its settings and does not start', async () => {
    const wrong = startProcess('platform/src/main.ts', { GATEWAY_PORT: 'http', ORDERS_PENDING_SECOND: '5' });
    expect(await wrong.ended()).toBe(1);
    expect(wrong.output()).toContain('GATEWAY_PORT must be a port');
    expect(wrong.output()).toContain('did you mean ORDERS_PENDING_SECONDS?');
  });

  it('stops cleanly at Ctrl-C and has its data when it is started again', async () => {
    expect(await platform.stop()).toBe(0);
    await start();
    expect(platform.output()).not.toContain(account('admin').password);
    expect(await roleAfterLogin(account('admin'))).toBe('ADMIN');
    expect(await roleAfterLogin(account('customer'))).toBe('CUSTOMER');
  }, 60_000);
});
