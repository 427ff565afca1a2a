import { post, startLibrary, type RunningLibrary } from '../testing/start-library.ts';

describe('the gateway in a browser', () => {
  let library: RunningLibrary;
  let url: string;

  beforeAll(async () => {
    library = await startLibrary({
      explorer: true,
      exampleQuery: 'query Example { me { name } }',
      corsOrigins: ['https://shop.example'],
    });
    url = library.gateway.url;
  });
  afterAll(() => library.stop());

  describe('is read by pages', () => {
    const preflight = async (origin: string): Promise<string | null> => {
      const response = await fetch(`${url}/graphql`, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization',
        },
      });
      expect(response.status).toBe(204);
      return response.headers.get('access-control-allow-origin');
    };

    it.each([
      'https://shop.example',
      'http://localhost:5173',
      'http://127.0.0.1:3000',
      'https://sandbox.embed.apollographql.com',
    ])('of %s', async (origin) => {
      expect(await preflight(origin)).toBe(origin);
    });

    it.each([
      'https://evil.example',
      'https://shop.example.evil.example',
      'http://localhost.evil.example',
      'null',
    ])('but not of %s', async (origin) => {
      expect(await preflight(origin)).toBeNull();
    });
  });

  describe('shows people', () => {
    const html = { headers: { accept: 'text/html' } };

    it('Apollo Sandbox with the example', async () => {
      const page = await (await fetch(url, html)).text();

      expect(page).toContain('embeddable-sandbox');
      expect(page).toContain('query Example');
    });

    it('the way from Sandbox, which comes from the internet, to the explorer, which does not', async () => {
      expect(await (await fetch(url, html)).text()).toContain('<a href="/explorer">');
    });

    it('an explorer that needs nothing from elsewhere', async () => {
      const response = await fetch(`${url}/explorer`, html);
      const page = await response.text();

      expect(page).toContain('query Example');
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(response.headers.get('content-security-policy')).toContain("connect-src 'self';");
      expect(page.match(/<(script|link|img)[^>]*(src|href)="https?:/g)).toBeNull();
    });

    it('the explorer again without sending it again', async () => {
      const first = await fetch(`${url}/explorer`, html);
      await first.arrayBuffer();
      const etag = String(first.headers.get('etag'));

      expect((await fetch(`${url}/explorer`, { headers: { 'if-none-match': etag } })).status).toBe(304);
    });

    it('nothing of it when it is turned off, nor the schema', async () => {
      const closed = await startLibrary({ explorer: false, introspection: false });
      const statuses = await Promise.all(
        ['/', '/explorer'].map(async (path) => (await fetch(`${closed.gateway.url}${path}`, html)).status),
      );
      const landing = await fetch(`${closed.gateway.url}/graphql`, html);
      const introspection = await post(closed.gateway.url, { query: '{ __schema { types { name } } }' });
      const origin = (
        await fetch(`${closed.gateway.url}/graphql`, {
          method: 'OPTIONS',
          headers: { origin: 'http://localhost:1' },
        })
      ).headers.get('access-control-allow-origin');
      await closed.stop();

      expect(statuses).toEqual([404, 404]);
      expect(landing.status).toBe(406);
      expect(introspection.body.errors).toMatchObject([
        { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
      ]);
      expect(origin).toBeNull();
    });
  });
});
