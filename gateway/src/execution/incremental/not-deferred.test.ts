import { createRecordingLogger } from '../../../../tests/support/recording-logger.ts';
import { askForParts } from '../../testing/ask-for-parts.ts';
import { post, startLibrary, type RunningLibrary } from '../../testing/start-library.ts';

/** Media are an interface in one subgraph and objects in the other, which is too much for the planner here. */
const query = (defer: string): string =>
  `query Q { depots ... ${defer} { reviews { about { genre ... on Film { rating } } } } }`;

describe('a fragment that the planner cannot defer', () => {
  const recorder = createRecordingLogger();
  let library: RunningLibrary;

  beforeAll(async () => {
    library = await startLibrary({ logger: recorder.logger });
  });
  afterAll(() => library.stop());

  const notes = (): unknown[] =>
    recorder.lines.filter((line) => line.includes('cannot defer')).map((line) => JSON.parse(line) as unknown);

  it('is fetched with the rest and delivered whole, in a part of its own, and the log says so', async () => {
    const whole = await post(library.gateway.url, { query: query('') });
    expect(whole.body.errors).toBeUndefined();
    const { depots, ...rest } = whole.body.data as Record<string, unknown>;

    const { parts } = await askForParts(library.gateway.url, { query: query('@defer(label: "r")') });

    expect(parts).toEqual([
      { data: { depots }, hasNext: true },
      { incremental: [{ data: rest, path: [], label: 'r' }], hasNext: false },
    ]);
    expect(notes()).toMatchObject([{ level: 20, operationName: 'Q' }]);
  });

  it('is no reason to log anything where it can', async () => {
    const before = notes().length;

    await askForParts(library.gateway.url, { query: '{ me { id ... @defer { reviews { stars } } } }' });

    expect(notes()).toHaveLength(before);
  });
});
