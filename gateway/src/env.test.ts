import { exportSigningKey, generateSigningKey } from '@trellis/auth';
import { SettingsError } from '@trellis/settings';
import { readSettings } from './env.ts';

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    readSettings(environment);
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
}

describe('the settings of the gateway', () => {
  it('need nothing in development', () => {
    expect(readSettings({})).toMatchObject({
      GATEWAY_PORT: 4000,
      GATEWAY_HOST: '127.0.0.1',
      LOG_LEVEL: 'info',
    });
  });

  it('need a signing key in production, as PEM, also on one line', () => {
    const key = generateSigningKey();
    const pem = exportSigningKey(key).replaceAll('\n', '\\n');

    expect(problemsOf({ NODE_ENV: 'production' })).toEqual([
      expect.stringContaining('GATEWAY_SIGNING_KEY is required'),
    ]);
    expect(readSettings({ NODE_ENV: 'production', GATEWAY_SIGNING_KEY: pem }).GATEWAY_SIGNING_KEY?.kid).toBe(
      key.kid,
    );
  });

  it.each([
    'orders=http://o:1/graphql?a=b, users=https://u',
    '{"orders":"http://o:1/graphql?a=b","users":"https://u"}',
  ])('take the URLs of subgraphs as %s', (value) => {
    expect(readSettings({ GATEWAY_SUBGRAPH_URLS: value }).GATEWAY_SUBGRAPH_URLS).toEqual({
      orders: 'http://o:1/graphql?a=b',
      users: 'https://u',
    });
  });

  it('take rules for single subgraphs', () => {
    const rules = { orders: { deadlineMs: 2_000, circuitBreaker: false }, users: {} };

    expect(readSettings({ GATEWAY_SUBGRAPHS: JSON.stringify(rules) }).GATEWAY_SUBGRAPHS).toEqual(rules);
  });

  it('take lists with commas', () => {
    expect(
      readSettings({
        GATEWAY_JWKS_URL: 'http://a/jwks, http://b/jwks',
        GATEWAY_TOKEN_ISSUER: 'i',
        GATEWAY_TOKEN_AUDIENCE: 'a',
        GATEWAY_CORS_ORIGINS: 'https://a.example,http://localhost:3000',
        GATEWAY_FORWARD_HEADERS: 'X-Tenant, Accept-Language',
      }),
    ).toMatchObject({
      GATEWAY_JWKS_URL: ['http://a/jwks', 'http://b/jwks'],
      GATEWAY_CORS_ORIGINS: ['https://a.example', 'http://localhost:3000'],
      GATEWAY_FORWARD_HEADERS: ['x-tenant', 'accept-language'],
    });
  });

  it.each([
    [{ GATEWAY_PORT: '70000' }, 'GATEWAY_PORT must be a port'],
    [{ GATEWAY_SUBGRAPH_URLS: 'orders' }, 'GATEWAY_SUBGRAPH_URLS must be like'],
    [{ GATEWAY_SUBGRAPH_URLS: 'orders=ftp://x' }, 'GATEWAY_SUBGRAPH_URLS must be like'],
    [{ GATEWAY_SUBGRAPH_URLS: '{"orders":5}' }, 'GATEWAY_SUBGRAPH_URLS must be like'],
    [{ GATEWAY_SUBGRAPH_URLS: '{"orders":' }, 'GATEWAY_SUBGRAPH_URLS must be like'],
    [
      { GATEWAY_SUBGRAPH_URLS: 'a=http://a,b=http://b,a=http://c' },
      'must name each subgraph once: a comes twice',
    ],
    [
      { GATEWAY_SUBGRAPH_URLS: '{"a":"http://a","\\u0061":"http://c"}' },
      'must name each subgraph once: a comes twice',
    ],
    [{ GATEWAY_SUBGRAPH_URLS: '__proto__=http://a' }, 'must not name a subgraph __proto__'],
    [{ GATEWAY_SUBGRAPH_URLS: '{"__proto__":"http://a"}' }, 'must not name a subgraph __proto__'],
    [{ GATEWAY_HEADERS: 'x-tenant' }, 'GATEWAY_HEADERS must be like'],
    [{ GATEWAY_HEADERS: '{"request":[{"insert":"host","value":"x"}]}' }, 'must be without host'],
    [{ GATEWAY_SUBGRAPHS: 'orders' }, 'GATEWAY_SUBGRAPHS must be like'],
    [{ GATEWAY_SUBGRAPHS: '{"orders":{"deadline":5}}' }, 'Unrecognized key: "deadline"'],
    [{ GATEWAY_CORS_ORIGINS: 'https://a.example/path' }, 'GATEWAY_CORS_ORIGINS must be origins'],
    [{ GATEWAY_CORS_ORIGINS: '*' }, 'GATEWAY_CORS_ORIGINS must be origins'],
    [{ GATEWAY_FORWARD_HEADERS: 'a b' }, 'GATEWAY_FORWARD_HEADERS must be names'],
    [
      { GATEWAY_FORWARD_HEADERS: 'x-a,Connection' },
      'GATEWAY_FORWARD_HEADERS must be without connection: they belong',
    ],
    [
      { GATEWAY_FORWARD_HEADERS: 'transfer-encoding' },
      'must be without transfer-encoding: they belong to one connection',
    ],
    [
      { GATEWAY_FORWARD_HEADERS: 'Host,Content-Length' },
      'must be without host, content-length: they describe',
    ],
    [
      { GATEWAY_FORWARD_HEADERS: 'X-Gateway-Identity' },
      'must be without x-gateway-identity: subgraphs are given',
    ],
    [{ GATEWAY_SIGNING_KEY: 'x' }, 'GATEWAY_SIGNING_KEY the signing key is not'],
    [{ GATEWAY_EXPLORER: 'yes' }, 'GATEWAY_EXPLORER must be true or false'],
    [{ REDIS_URL: 'http://x' }, 'REDIS_URL must be a URL that begins with redis://'],
    [{ NODE_ENV: 'prod' }, 'NODE_ENV must be one of'],
    [{ GATEWAY_TOKEN_ISSUER: 'i' }, 'GATEWAY_JWKS_URL and GATEWAY_TOKEN_AUDIENCE must be set too'],
    [
      { GATEWAY_SUPERGRAPH: 's.graphql', GATEWAY_INTROSPECT: 'a=http://a' },
      'GATEWAY_SUPERGRAPH (--supergraph) and GATEWAY_INTROSPECT (--introspect) both say',
    ],
    [{ GATEWAY_SUPERGRAPH: 'http://' }, 'GATEWAY_SUPERGRAPH must be the path of a file, or a URL'],
    [{ GATEWAY_SUPERGRAPH: 'ftp://a/b' }, 'GATEWAY_SUPERGRAPH must be the path of a file, or a URL'],
    [{ GATEWAY_INTROSPECT: 'orders' }, 'GATEWAY_INTROSPECT must be like'],
    [{ APOLLO_KEY: 'k' }, 'APOLLO_GRAPH_REF must be set too'],
    [{ APOLLO_GRAPH_REF: 'shop@current' }, 'APOLLO_KEY must be set too'],
    [{ APOLLO_UPLINK_ENDPOINTS: 'http://u' }, 'APOLLO_KEY and APOLLO_GRAPH_REF must be set too'],
    [
      { APOLLO_KEY: 'k', APOLLO_GRAPH_REF: 'shop@current', APOLLO_UPLINK_ENDPOINTS: 'u' },
      'APOLLO_UPLINK_ENDPOINTS must be URLs',
    ],
    [{ GATEWAY_PROT: '1' }, 'GATEWAY_PROT is not a setting; did you mean GATEWAY_PORT?'],
  ])('refuse %j', (environment, problem) => {
    expect(problemsOf(environment)).toEqual([expect.stringContaining(problem)]);
  });

  it('leave Apollo’s variables alone when the supergraph is not Uplink’s', () => {
    const environment = { APOLLO_KEY: 'k' };

    expect(problemsOf({ ...environment, GATEWAY_SUPERGRAPH: 's.graphql' })).toEqual([]);
    expect(problemsOf({ ...environment, GATEWAY_INTROSPECT: 'a=http://a' })).toEqual([]);
    expect(() => readSettings(environment, { supergraph: 'http://s' })).not.toThrow();
  });

  it('tell every problem at once', () => {
    expect(problemsOf({ GATEWAY_PORT: 'x', GATEWAY_EXPLORER: 'x', GATEWAY_TOKEN_ISSUER: 'i' })).toHaveLength(
      3,
    );
  });
});
