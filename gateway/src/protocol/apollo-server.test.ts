import { startLibrary } from '../testing/start-library.ts';

describe('Apollo Server behind the gateway', () => {
  const { fetch } = globalThis;
  const key = { APOLLO_KEY: 'service:library:secret', APOLLO_GRAPH_REF: 'library@current' };
  /** Where something was sent that is not of this machine. */
  let elsewhere: string[];

  beforeEach(() => {
    elsewhere = [];
    globalThis.fetch = async (input, init) => {
      const url = input instanceof Request ? input.url : String(input);
      if (new URL(url).hostname === '127.0.0.1') return fetch(input, init);
      elsewhere.push(url);
      return new Response('');
    };
    Object.assign(process.env, key);
  });
  afterEach(() => {
    globalThis.fetch = fetch;
    for (const name of Object.keys(key)) Reflect.deleteProperty(process.env, name);
  });

  it('reports to nobody although there is a key, which is for Uplink', async () => {
    const library = await startLibrary();
    try {
      // By GET, because only what Apollo Server answers would it report.
      const query = encodeURIComponent('{ me { name } }');
      const response = await fetch(`${library.gateway.url}/graphql?query=${query}`, {
        headers: { 'apollo-require-preflight': 'true' },
      });
      expect(await response.json()).toEqual({ data: { me: { name: 'Grace' } } });
    } finally {
      // Reports that wait are sent at the stop.
      await library.stop();
    }

    expect(elsewhere).toEqual([]);
  });
});
