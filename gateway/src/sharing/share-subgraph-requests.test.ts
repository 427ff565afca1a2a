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
function createSharing() {
  const posted: WrittenRequest[] = [];
  const post = async (request: WrittenRequest): Promise<ReadResult> => {
    posted.push(request);
    return { data: { me: { name: 'Ada' } }, errors: [], escaped: false };
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
});
