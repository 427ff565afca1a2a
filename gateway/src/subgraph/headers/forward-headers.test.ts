import { createLogger } from '@trellis/lifecycle';
import { createGateway } from '../../create-gateway.ts';
import { fixedSupergraph } from '../../supergraph/supergraph-source.ts';
import { post, startLibrary } from '../../testing/start-library.ts';
import { problemOfForwardHeaders } from './forward-headers.ts';

describe('headers of the client that subgraphs are given', () => {
  it.each([
    'connection',
    'host',
    'content-length',
    'transfer-encoding',
    'x-gateway-identity',
    'accept-encoding',
  ])('are without %s', (name) => {
    expect(problemOfForwardHeaders(['x-tenant', name])).toMatch(`must be without ${name}: `);
  });

  it('may be any others', () => {
    expect(
      problemOfForwardHeaders(['authorization', 'cookie', 'x-tenant', 'accept-language']),
    ).toBeUndefined();
  });

  it('stop the start of a gateway that is told of one that they may not be', async () => {
    await expect(
      createGateway({
        supergraph: fixedSupergraph(''),
        forwardHeaders: ['host'],
        logger: createLogger('gateway', 'silent'),
      }),
    ).rejects.toThrow('forwardHeaders must be without host: ');
  });

  it('may be named in any case', async () => {
    const library = await startLibrary({ forwardHeaders: ['X-Tenant'] });
    try {
      await post(library.gateway.url, { query: '{ me { name } }' }, { 'x-tenant': 't1' });

      expect(library.subgraphs['people']!.received.at(-1)!.headers).toMatchObject({ 'x-tenant': 't1' });
    } finally {
      await library.stop();
    }
  });
});
