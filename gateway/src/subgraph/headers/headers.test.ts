import type { RequestHandler } from 'express';
import { createLogger } from '@trellis/lifecycle';
import { createGateway } from '../../create-gateway.ts';
import { fixedSupergraph } from '../../supergraph/supergraph-source.ts';
import { compose } from '../../testing/compose.ts';
import { librarySubgraphs } from '../../testing/library-graph.ts';
import { post, startLibrary, type RunningLibrary } from '../../testing/start-library.ts';
import { mostRestrictive } from './cache-control.ts';
import { checkHeaderRules, type HeaderRules } from './header-rules.ts';
import { createRequestHeaders } from './request-header-rules.ts';

describe('the headers of requests to subgraphs', () => {
  const rewrite = (subgraph: string, rules: HeaderRules['request'], picked: Record<string, string>) =>
    createRequestHeaders(['x-own'], rules).rewriteFor(subgraph)?.(picked);

  it('are those that are forwarded, untouched, where there are no rules', () => {
    expect(createRequestHeaders(['x-own'], [])).toMatchObject({ fromClient: ['x-own'] });
    expect(rewrite('orders', [], {})).toBeUndefined();
  });

  it('are what the rules make of them, in their order', () => {
    const rules = [
      { propagate: 'x-tenant', as: 'tenant' },
      { propagate: 'x-region', fallback: 'eu' },
      { insert: 'x-via', value: 'trellis' },
      { remove: 'x-own' },
      { insert: 'x-gone', value: 'x' },
      { remove: 'x-gone' },
    ];

    expect(createRequestHeaders(['x-own'], rules).fromClient).toEqual(['x-own', 'x-tenant', 'x-region']);
    expect(rewrite('orders', rules, { 'x-own': '1', 'x-tenant': 't' })).toEqual({
      tenant: 't',
      'x-region': 'eu',
      'x-via': 'trellis',
    });
  });

  it('are for the subgraphs that the rule names', () => {
    const rules = [{ propagate: 'x-tenant', subgraphs: ['orders'] }];

    expect(rewrite('orders', rules, { 'x-own': '1', 'x-tenant': 't' })).toEqual({
      'x-own': '1',
      'x-tenant': 't',
    });
    expect(rewrite('users', rules, { 'x-own': '1', 'x-tenant': 't' })).toEqual({ 'x-own': '1' });
  });
});

describe('rules for headers', () => {
  it('are refused when they do not fit', () => {
    const problem = (rules: unknown): string => {
      try {
        checkHeaderRules(rules as HeaderRules);
        return 'none';
      } catch (error) {
        return (error as Error).message;
      }
    };

    expect(problem({ request: [{ insert: 'x-a', value: 'b\r\nx-c: d' }] })).toContain('printable ASCII');
    expect(problem({ request: [{ propagate: 'x-a', as: 'x-gateway-identity' }] })).toContain('own');
    expect(problem({ request: [{ propagate: 'content-length' }] })).toContain('content-length');
    expect(problem({ response: [{ propagate: 'content-encoding', merge: 'last' }] })).toContain('itself');
    expect(problem({ response: [{ propagate: 'cache-control', merge: 'last' }] })).toContain(
      'most-restrictive',
    );
    expect(problem({ response: [{ propagate: 'set-cookie', merge: 'most-restrictive' }] })).toContain(
      'nothing else',
    );
    expect(problem({ requests: [] })).toContain('requests');
  });

  it('take names in any case', () => {
    expect(checkHeaderRules({ response: [{ propagate: 'Set-Cookie', merge: 'append' }] })).toEqual({
      response: [{ propagate: 'set-cookie', merge: 'append' }],
    });
  });

  it('stop the start when they name a subgraph that is not there', async () => {
    const url = 'http://127.0.0.1:1/graphql';
    const start = createGateway({
      supergraph: fixedSupergraph(compose(librarySubgraphs.map((each) => ({ ...each, url })))),
      port: 0,
      logger: createLogger('gateway', 'silent'),
      headers: { request: [{ remove: 'x-own', subgraphs: ['ordres'] }] },
    });

    await expect(start).rejects.toThrow('there are rules for ordres');
  });
});

describe('the most restrictive cache-control', () => {
  it.each([
    [['max-age=60, public', 'public, max-age=30'], 'max-age=30, public'],
    [['max-age=60, public', 'max-age=30, private'], 'max-age=30, private'],
    [['max-age=60, s-maxage=90', 's-maxage=100, max-age="20"'], 'max-age=20, s-maxage=90'],
    [['max-age=60', 'no-cache, must-revalidate'], 'max-age=0, no-cache, must-revalidate'],
    [['max-age=60', 'no-store'], 'no-store'],
    [['max-age=60', undefined], 'no-store'],
    [['max-age=soon'], 'max-age=0'],
    [[], 'no-store'],
  ])('of %j is %s', (values, merged) => {
    expect(mostRestrictive(values)).toBe(merged);
  });
});

describe('headers between clients and subgraphs', () => {
  let library: RunningLibrary;
  const answering =
    (headers: Record<string, string | string[]>, data: unknown): RequestHandler =>
    (_request, response) =>
      void response.set(headers).json({ data });

  beforeAll(async () => {
    library = await startLibrary({
      shareExecutions: true,
      corsOrigins: ['https://shop.example'],
      headers: {
        request: [
          { propagate: 'X-Tenant', as: 'tenant', subgraphs: ['people'] },
          { insert: 'x-via', value: 'trellis' },
        ],
        response: [
          { propagate: 'set-cookie', merge: 'append' },
          { propagate: 'cache-control', merge: 'most-restrictive' },
          { propagate: 'x-last', merge: 'last', subgraphs: ['people'] },
        ],
      },
    });
  });
  afterEach(() => {
    for (const subgraph of Object.values(library.subgraphs)) subgraph.misbehave(undefined);
  });
  afterAll(() => library.stop());

  it('reach the subgraphs that they are for', async () => {
    await post(
      library.gateway.url,
      { query: '{ me { name } depots }' },
      { 'x-tenant': 't1', 'x-other': 'o' },
    );

    const sent = (name: string) => library.subgraphs[name]!.received.at(-1)!.headers;
    expect(sent('people')).toMatchObject({ tenant: 't1', 'x-via': 'trellis' });
    expect(sent('shipping')).toMatchObject({ 'x-via': 'trellis' });
    for (const name of ['x-tenant', 'x-other']) expect(sent('people')[name]).toBeUndefined();
    expect(sent('shipping')['tenant']).toBeUndefined();
  });

  // First by Apollo Server, then by the hot path.
  it.each(['the first', 'the second'])('reach the client, %s time too', async () => {
    library.subgraphs['people']!.misbehave(
      answering(
        { 'set-cookie': ['a=1', 'b=2'], 'cache-control': 'max-age=60', 'x-last': 'p', 'x-not': 'n' },
        { me: { name: 'G' } },
      ),
    );
    library.subgraphs['shipping']!.misbehave(
      answering({ 'set-cookie': 'c=3', 'cache-control': 'max-age=30', 'x-last': 's' }, { depots: [] }),
    );

    const { headers, body } = await post(library.gateway.url, { query: '{ me { name } depots }' });

    expect(body).toEqual({ data: { me: { name: 'G' }, depots: [] } });
    expect([...headers.getSetCookie()].sort()).toEqual(['a=1', 'b=2', 'c=3']);
    expect(headers.get('cache-control')).toBe('max-age=30');
    expect(headers.get('x-last')).toBe('p');
    expect(headers.get('x-not')).toBeNull();
  });

  // By Apollo Server, and by the hot path.
  it.each(['the first', 'the second'])(
    'can be read by pages of allowed origins, %s time too, but for cookies',
    async () => {
      const { headers } = await post(
        library.gateway.url,
        { query: '{ me { exposed: name } }' },
        { origin: 'https://shop.example' },
      );

      expect(headers.get('access-control-expose-headers')).toBe('x-correlation-id, cache-control, x-last');
    },
  );

  it('let nothing be stored when a subgraph failed', async () => {
    library.subgraphs['people']!.misbehave(
      answering({ 'cache-control': 'max-age=60' }, { boss: { name: 'G' } }),
    );
    library.subgraphs['shipping']!.misbehave((_request, response) => void response.status(500).end());

    const { headers } = await post(library.gateway.url, {
      query: '{ boss: person(id: "p1") { name } depots }',
    });

    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('are each client’s own, though their queries are in flight together', async () => {
    const query = '{ me { alone: name } }';
    await post(library.gateway.url, { query });
    let count = 0;
    library.subgraphs['people']!.misbehave((_request, response) => {
      count += 1;
      response.set('set-cookie', `n=${count}`).json({ data: { me: { alone: 'G' } } });
    });

    const both = await Promise.all([
      post(library.gateway.url, { query }),
      post(library.gateway.url, { query }),
    ]);

    expect(both.map(({ headers }) => headers.get('set-cookie')).sort()).toEqual(['n=1', 'n=2']);
  });
});
