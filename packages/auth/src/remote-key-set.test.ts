import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRemoteKeySet } from './remote-key-set.ts';
import { generateSigningKey } from './signing-key.ts';

const first = generateSigningKey();
const second = generateSigningKey();

describe('createRemoteKeySet', () => {
  let server: Server;
  let url: string;
  let answer: { status: number; body: string };
  let fetches: number;
  /** Whether requests are left without an answer. */
  let hangs: boolean;
  let now: number;

  const publish = (...keys: unknown[]): void => {
    answer = { status: 200, body: JSON.stringify({ keys }) };
  };
  const remote = () => createRemoteKeySet(url, () => now);

  beforeEach(async () => {
    fetches = 0;
    hangs = false;
    now = 1_000_000;
    publish(first.publicJwk);
    server = createServer((request, response) => {
      fetches += 1;
      if (hangs) return;
      response.writeHead(answer.status, {
        'content-type': 'application/json',
        location: `${url}?again`,
        connection: 'close',
      });
      response.end(answer.body);
      request.resume();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  });

  it('fetches once for many callers', async () => {
    const keys = remote();

    const found = await Promise.all([keys.find(first.kid), keys.find(first.kid), keys.find(first.kid)]);
    await keys.find(first.kid);

    expect(found.every((key) => key?.export({ format: 'jwk' })['x'] === first.publicJwk.x)).toBe(true);
    expect(fetches).toBe(1);
  });

  it('finds a rotated key at once', async () => {
    const keys = remote();
    await keys.find(first.kid);

    publish(first.publicJwk, second.publicJwk);

    expect(await keys.find(second.kid)).toBeDefined();
  });

  it('stops honouring a key that left the set after ten minutes', async () => {
    const keys = remote();
    await keys.find(first.kid);
    publish(second.publicJwk);

    now += 599_000;
    expect(await keys.find(first.kid)).toBeDefined();
    now += 2_000;
    expect(await keys.find(first.kid)).toBeUndefined();
  });

  it('cannot be made to flood the issuer with forged ids, and honours known ones meanwhile', async () => {
    const keys = remote();
    for (let forged = 0; forged < 50; forged++) expect(await keys.find(`forged-${forged}`)).toBeUndefined();

    expect(fetches).toBe(10);
    expect(await keys.find(first.kid)).toBeDefined();
    now += 60_001;
    publish(second.publicJwk);
    expect(await keys.find(second.kid)).toBeDefined();
  });

  it('skips keys that it cannot use', async () => {
    publish({ kid: 'odd', kty: 'odd' }, { ...second.publicJwk, use: 'enc' }, null, first.publicJwk);
    const keys = remote();

    expect(await keys.find(first.kid)).toBeDefined();
    expect(await keys.find('odd')).toBeUndefined();
    expect(await keys.find(second.kid)).toBeUndefined();
  });

  it.each([
    ['an error', { status: 500, body: '{"keys":[]}' }],
    ['a redirect', { status: 302, body: '' }],
    ['something else', { status: 200, body: '<html>' }],
    ['no keys', { status: 200, body: 'null' }],
    ['too much', { status: 200, body: ' '.repeat(1_100_000) }],
  ])('throws when the issuer answers with %s', async (_what, bad) => {
    answer = bad;

    await expect(remote().find(first.kid)).rejects.toThrow();
  });

  it('throws when the issuer is down, and uses the keys that it has', async () => {
    const keys = remote();
    await keys.find(first.kid);
    await new Promise((resolve) => server.close(resolve));
    now += 700_000;

    expect(await keys.find(first.kid)).toBeDefined();
    await expect(keys.find('unknown')).rejects.toThrow();
    await expect(remote().find(first.kid)).rejects.toThrow();
  });

  it('finds keys as soon as the issuer is back, however many tokens came while it was away', async () => {
    const keys = remote();
    answer = { status: 503, body: '' };
    for (let asked = 0; asked < 50; asked++) {
      await expect(keys.find(`forged-${asked}`)).rejects.toThrow('503');
      now += 1_000;
    }
    expect(fetches).toBe(50);

    publish(first.publicJwk);

    expect(await keys.find(first.kid)).toBeDefined();
  });

  it('is not asked again at once after a failure, and by many callers once', async () => {
    const keys = remote();
    answer = { status: 503, body: '' };

    for (let asked = 0; asked < 20; asked++) await expect(keys.find(first.kid)).rejects.toThrow('503');
    expect(fetches).toBe(1);
    now += 1_000;
    await Promise.allSettled([keys.find(first.kid), keys.find(second.kid), keys.find(first.kid)]);
    expect(fetches).toBe(2);
  });

  it('uses the keys that it has while the issuer is away, and finds a new one once it is back', async () => {
    const keys = remote();
    await keys.find(first.kid);
    answer = { status: 503, body: '' };
    for (let asked = 0; asked < 20; asked++) {
      await expect(keys.find('forged')).rejects.toThrow('503');
      expect(await keys.find(first.kid)).toBeDefined();
    }

    publish(second.publicJwk);
    now += 1_000;

    expect(await keys.find(second.kid)).toBeDefined();
  });

  it('does not wait with a key in hand for an issuer that failed before', async () => {
    const keys = remote();
    await keys.find(first.kid);
    answer = { status: 503, body: '' };
    now += 700_000;
    expect(await keys.find(first.kid)).toBeDefined();

    hangs = true;
    now += 1_000;
    let isOver = false;
    const unknown = keys.find('unknown').catch(() => (isOver = true));

    expect(await keys.find(first.kid)).toBeDefined();
    expect(isOver).toBe(false);
    server.closeAllConnections();
    await unknown;
  });
});
