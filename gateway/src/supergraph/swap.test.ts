import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@trellis/lifecycle';
import { createClient } from 'graphql-sse';
import { createGateway, type Gateway } from '../create-gateway.ts';
import { createRecordingLogger, type RecordingLogger } from '../../../tests/support/recording-logger.ts';
import { compose } from '../testing/compose.ts';
import { aReview, librarySubgraphs, reviewFeed } from '../testing/library-graph.ts';
import { post } from '../testing/start-library.ts';
import { startSubgraph, type RunningSubgraph } from '../testing/start-subgraph.ts';
import { waitUntil } from '../testing/wait-until.ts';
import { supergraphFile } from './file-source.ts';

describe('a supergraph that is replaced', () => {
  let folder: string;
  let file: string;
  let subgraphs: RunningSubgraph[];
  let gateway: Gateway;
  let recorder: RecordingLogger;
  let before: string;
  /** The same without the subgraph `shipping`: `Book.cost` is gone. */
  let after: string;

  beforeAll(async () => {
    subgraphs = await Promise.all(librarySubgraphs.map(startSubgraph));
    before = compose(subgraphs);
    after = compose(subgraphs.filter(({ name }) => name !== 'shipping'));
  });
  afterAll(() => Promise.all(subgraphs.map((subgraph) => subgraph.stop())));

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'trellis-swap-'));
    file = join(folder, 'supergraph.graphql');
    await writeFile(file, before);
    recorder = createRecordingLogger();
    gateway = await createGateway({ supergraph: supergraphFile(file), port: 0, logger: recorder.logger });
  });
  afterEach(async () => {
    await gateway.stop();
    await rm(folder, { recursive: true });
  });

  const withCost = '{ book(id: "m1") { title cost } }';
  const costIsKnown = async () => (await post(gateway.url, { query: withCost })).status === 200;

  it('is served from then on, whether the file is written or renamed into place', async () => {
    expect(await costIsKnown()).toBe(true);

    await writeFile(file, after);
    await waitUntil(async () => !(await costIsKnown()));

    await writeFile(`${file}.new`, before);
    await rename(`${file}.new`, file);
    await waitUntil(costIsKnown);

    await rename(file, `${file}.old`);
    await writeFile(file, after);
    await waitUntil(async () => !(await costIsKnown()));
  });

  it('fails no request that comes meanwhile', async () => {
    const query = '{ people { name reviews { stars about { title author { name } } } } }';
    const expected = (await post(gateway.url, { query })).body;
    let swapping = true;
    let answered = 0;
    const customer = async (): Promise<void> => {
      while (swapping) {
        // A different text each time, so that plans are made and not only found.
        const { status, body } = await post(gateway.url, { query: `query Q${answered % 50} ${query}` });
        expect([status, body]).toEqual([200, expected]);
        answered += 1;
      }
    };
    const customers = Promise.all(Array.from({ length: 8 }, customer));

    for (let round = 1; round <= 6; round++) {
      await writeFile(`${file}.new`, round % 2 === 1 ? after : before);
      await rename(`${file}.new`, file);
      const swaps = () =>
        recorder.lines.filter((message) => message.includes('new supergraph is in service')).length;
      const goal = answered + 20;
      await waitUntil(() => swaps() === round && answered >= goal);
    }
    swapping = false;
    await customers;

    expect(answered).toBeGreaterThan(100);
  });

  it('does not end the subscriptions that are open', async () => {
    const client = createClient({ url: `${gateway.url}/graphql`, retryAttempts: 0 });
    const results = client.iterate({
      query: 'subscription { reviewAdded { stars about { ... on Book { cost } } } }',
    });
    const first = results.next();
    await waitUntil(() => subgraphs.some((subgraph) => subgraph.openStreams() === 1));

    await writeFile(file, after);
    await waitUntil(async () => !(await costIsKnown()));
    reviewFeed.emit('review', aReview());

    expect((await first).value).toEqual({ data: { reviewAdded: { stars: 5, about: { cost: 310 } } } });
    await results.return?.();
    client.dispose();
  });

  it('is refused loudly when it is not one, and the one before stays', async () => {
    await writeFile(file, 'type Query { x: Int }');
    await waitUntil(() => recorder.lines.some((message) => message.includes('is refused')));
    expect(await costIsKnown()).toBe(true);

    await rm(file);
    await waitUntil(() =>
      recorder.lines.some((message) => message.includes('cannot be read (there is no such file)')),
    );
    expect(await costIsKnown()).toBe(true);

    await writeFile(file, after);
    await waitUntil(async () => !(await costIsKnown()));
  });

  it('is not swapped for itself', async () => {
    await writeFile(file, before);
    await writeFile(`${file}.marker`, '');
    await writeFile(file, after);
    await waitUntil(async () => !(await costIsKnown()));

    expect(recorder.lines.filter((message) => message.includes('new supergraph'))).toHaveLength(1);
  });
});

describe('a gateway', () => {
  it('does not start with what is not a supergraph', async () => {
    const start = (supergraphSdl: string) =>
      createGateway({
        supergraph: { load: async () => supergraphSdl, watch: () => ({ stop: async () => {} }) },
        port: 0,
        logger: createLogger('gateway', 'silent'),
      });

    await expect(start('type Query { x: Int }')).rejects.toThrow('the supergraph cannot be served');
    await expect(start('{')).rejects.toThrow('the supergraph cannot be served');
  });

  it('does not start without the file', async () => {
    await expect(supergraphFile('/nowhere/supergraph.graphql').load()).rejects.toThrow(
      'the supergraph /nowhere/supergraph.graphql cannot be read (there is no such file)',
    );
  });
});
