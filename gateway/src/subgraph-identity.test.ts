import { commandOptions } from './command-options.ts';
import { readSettings } from './env.ts';
import { post, startLibrary } from './testing/start-library.ts';

const whoAmI = { query: '{ me { name } }' };

describe('the identity that subgraphs are told', () => {
  it('is told unless it is switched off', async () => {
    const library = await startLibrary();
    try {
      await post(library.gateway.url, whoAmI);

      expect(library.subgraphs['people']!.received.at(-1)!.headers).toHaveProperty('x-gateway-identity');
    } finally {
      await library.stop();
    }
  });

  it('is neither signed nor sent when it is switched off, and no key is published', async () => {
    const library = await startLibrary({ subgraphIdentity: false });
    try {
      const { url } = library.gateway;

      expect((await post(url, whoAmI)).body).toEqual({ data: { me: { name: 'Grace' } } });
      expect(library.subgraphs['people']!.received.at(-1)!.headers).not.toHaveProperty('x-gateway-identity');
      expect((await fetch(`${url}/.well-known/jwks.json`)).status).toBe(404);
    } finally {
      await library.stop();
    }
  });

  it('needs no signing key in production when it is switched off, by a variable or by the configuration file', () => {
    const production = { NODE_ENV: 'production' };
    const required = 'GATEWAY_SIGNING_KEY is required when NODE_ENV=production';

    expect(() => readSettings({ ...production, GATEWAY_SUBGRAPH_IDENTITY: 'false' })).not.toThrow();
    expect(() => readSettings({ ...production, GATEWAY_SUBGRAPH_IDENTITY: 'true' })).toThrow(required);
    expect(commandOptions(production, { subgraphIdentity: false })).toMatchObject({
      subgraphIdentity: false,
    });
    expect(() =>
      commandOptions({ ...production, GATEWAY_SUBGRAPH_IDENTITY: 'true' }, { subgraphIdentity: false }),
    ).toThrow(required);
  });
});
