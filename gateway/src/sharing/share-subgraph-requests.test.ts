import { jest } from '@jest/globals';
import type { RequestContext } from '../request-context.ts';
import type { ReadResult } from '../subgraph/read-reply.ts';
import type { SubgraphClient, WrittenRequest } from '../subgraph/subgraph-client.ts';
import { shareSubgraphRequests } from './share-subgraph-requests.ts';

const subgraph = { name: 'people', url: 'http://people.invalid/' };
const anonymous: RequestContext = {
  identity: { kind: 'anonymous' },
  correlationId: 'c',
  forwardedHeaders: {},
  signal: new AbortController().signal,
};
const ada = { ...anonymous, identity: { kind: 'user', userId: 'ada', roles: ['A'] } } as const;

const queryOf = (context: RequestContext, more: Partial<WrittenRequest> = {}): WrittenRequest => ({
  subgraph,
  body: '{"query":"{ me { name } }"}',
  context,
  signal: context.signal,
  repeatable: true,
  ...more,
});

/** A client that shares, and how often a subgraph was asked. */
function createSharing(answered: () => Promise<void> = async () => {}) {
  const posted: WrittenRequest[] = [];
  const post = async (request: WrittenRequest): Promise<ReadResult> => {
    posted.push(request);
    await answered();
    return { data: { me: { name: 'Ada' } }, errors: [], escaped: false, ascii: true };
  };
  const client: SubgraphClient = {
    post,
    send: () => Promise.reject(new Error('sent past the sharing')),
    stream: () => Promise.reject(new Error('not a stream')),
    stop: async () => {},
  };
  return { client: shareSubgraphRequests(client), posted };
}

describe('shareSubgraphRequests', () => {
  it('posts equal queries once, and gives each caller data of its own', async () => {
    const { client, posted } = createSharing();

    const [one, other] = await Promise.all([client.post(queryOf(ada)), client.post(queryOf({ ...ada }))]);

    expect(posted).toHaveLength(1);
    expect(one).toEqual(other);
    expect(one.data).not.toBe(other.data);
  });

  it('posts a query that is interpreted and one that is compiled once', async () => {
    const { client, posted } = createSharing();
    const asked = { ...queryOf(ada), query: '{ me { name } }', operationName: undefined, variables: {} };

    const [sent] = await Promise.all([
      client.send(asked),
      client.post(queryOf(ada, { body: '{"query":"{ me { name } }","variables":{}}' })),
    ]);

    expect(sent).toEqual({ data: { me: { name: 'Ada' } }, errors: [] });
    expect(posted).toHaveLength(1);
  });

  it.each<[string, WrittenRequest]>([
    ['of another caller', queryOf(anonymous)],
    ['of another role', queryOf({ ...ada, identity: { ...ada.identity, roles: ['B'] } })],
    ['with another forwarded header', queryOf({ ...ada, forwardedHeaders: { 'x-shop': '1' } })],
    ['for another subgraph', queryOf(ada, { subgraph: { ...subgraph, name: 'pets' } })],
    ['with another body', queryOf(ada, { body: '{"query":"{ me { id } }"}' })],
    ['that must not be repeated', queryOf(ada, { repeatable: false })],
  ])('posts a request %s too', async (_what, other) => {
    const { client, posted } = createSharing();

    await Promise.all([client.post(queryOf(ada)), client.post(other)]);

    expect(posted).toHaveLength(2);
  });

  describe('while the subgraph takes its time', () => {
    beforeEach(() => jest.useFakeTimers());
    afterEach(() => jest.useRealTimers());

    /** A client that shares, in front of a subgraph that answers when the test says. */
    function createSlowSharing() {
      let answer = (): void => {};
      const answered = new Promise<void>((resolve) => (answer = resolve));
      const { client, posted } = createSharing(() => answered);
      return { client, posted, answer };
    }
    const within = (ms: number): Partial<WrittenRequest> => ({ deadlineAt: performance.now() + ms });
    const outOfTime = { code: 'OPERATION_TIMEOUT' };
    const data = { me: { name: 'Ada' } };

    it('answers who has time left when the one who asked first has none', async () => {
      const { client, posted, answer } = createSlowSharing();
      const first = client.post(queryOf(ada, within(100)));
      const timedOut = expect(first).rejects.toMatchObject(outOfTime);
      jest.advanceTimersByTime(60);
      const second = client.post(queryOf(ada, within(100)));

      jest.advanceTimersByTime(60);
      await timedOut;
      answer();

      expect(await second).toMatchObject({ data });
      expect(posted.map(({ deadlineAt }) => deadlineAt)).toEqual([undefined]);
    });

    it('lets nobody wait longer than their own time', async () => {
      const { client, posted } = createSlowSharing();
      const patient = client.post(queryOf(ada, within(10_000)));
      patient.catch(() => {});
      const hasty = client.post(queryOf(ada, within(50)));
      const timedOut = expect(hasty).rejects.toMatchObject(outOfTime);

      jest.advanceTimersByTime(50);

      await timedOut;
      expect(posted[0]!.signal.aborted).toBe(false);
    });

    it('answers who stays when the client that asked first leaves', async () => {
      const { client, posted, answer } = createSlowSharing();
      const leaving = new AbortController();
      const first = client.post(queryOf(ada, { signal: leaving.signal, ...within(100) }));
      const second = client.post(queryOf(ada, within(100)));

      leaving.abort(new Error('left'));
      await expect(first).rejects.toThrow('left');
      answer();

      expect(await second).toMatchObject({ data });
      expect(posted).toHaveLength(1);
    });

    it('gives the request up when nobody has time left', async () => {
      const { client, posted } = createSlowSharing();
      const both = [50, 100].map((ms) => client.post(queryOf(ada, within(ms))));
      const timedOut = both.map((one) => expect(one).rejects.toMatchObject(outOfTime));

      jest.advanceTimersByTime(99);
      expect(posted[0]!.signal.aborted).toBe(false);
      jest.advanceTimersByTime(1);

      await Promise.all(timedOut);
      expect(posted[0]!.signal.aborted).toBe(true);
    });

    it('does not ask for an operation that has no time left', async () => {
      const { client, posted } = createSlowSharing();

      await expect(client.post(queryOf(ada, within(0)))).rejects.toMatchObject(outOfTime);
      expect(posted).toHaveLength(0);
    });

    it('leaves no timer behind', async () => {
      const { client, answer } = createSlowSharing();
      const asked = client.post(queryOf(ada, within(100)));
      answer();
      await asked;

      expect(jest.getTimerCount()).toBe(0);
    });
  });
});
