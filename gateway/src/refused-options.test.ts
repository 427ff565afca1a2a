import { createLogger } from '@trellis/lifecycle';
import { checkGateway, createGateway } from './create-gateway.ts';
import { TrellisGateway } from './drop-in/trellis-gateway.ts';
import type { TrellisGatewayOptions } from './drop-in/trellis-gateway-options.ts';
import type { GatewayOptions } from './options.ts';
import { fixedSupergraph } from './supergraph/supergraph-source.ts';
import { compose } from './testing/compose.ts';
import { librarySubgraphs } from './testing/library-graph.ts';

const supergraphSdl = compose(
  librarySubgraphs.map((each) => ({ ...each, url: 'http://127.0.0.1:1/graphql' })),
);

const cases: readonly (readonly [what: string, options: Partial<GatewayOptions>, told: string])[] = [
  [
    'rules for a subgraph that is not there',
    { subgraphs: { nosuch: { retries: 0 } } },
    'there are rules for nosuch, but the supergraph has',
  ],
  [
    'rules for headers of one that is not there',
    { headers: { request: [{ insert: 'x-a', value: 'b', subgraphs: ['nosuch'] }] } },
    'there are rules for nosuch, but the supergraph has',
  ],
  ['rules out of bounds', { subgraphs: { people: { retries: -1 } } }, 'the rules for the subgraph people'],
  ['a header of one message', { forwardHeaders: ['Content-Length'] }, 'must be without content-length'],
  ['a header of one connection', { forwardHeaders: ['host'] }, 'must be without host'],
  ['no name of a header', { forwardHeaders: ['x y'] }, 'must be names of headers'],
];

describe('options that do not fit', () => {
  const options = {
    supergraph: fixedSupergraph(supergraphSdl),
    port: 0,
    logger: createLogger('gateway', 'silent'),
  };

  it.each(cases)('are refused by the start: %s', async (_what, wrong, told) => {
    await expect(createGateway({ ...options, ...wrong })).rejects.toThrow(told);
  });

  it.each([
    ['that there are none of', { batchLimt: 3 }, 'the gateway has no option batchLimt'],
    ['a path for a source', { supergraph: 'x.graphql' }, 'supergraph must be where it comes from'],
  ])('are refused by start and check though types are not looked at: %s', async (_what, wrong, told) => {
    await expect(createGateway({ ...options, ...(wrong as object) })).rejects.toThrow(told);
    await expect(checkGateway({ ...options, ...(wrong as object) })).rejects.toThrow(told);
  });

  it.each([
    ...cases,
    ['a URL', { subgraphUrls: { nosuch: 'http://a' } }, 'a URL is set for nosuch'] as const,
  ])('are refused by the check in the same words: %s', async (_what, wrong, told) => {
    await expect(checkGateway({ ...options, ...wrong })).rejects.toThrow(told);
  });

  it.each(cases)('are refused by TrellisGateway: %s', async (_what, wrong, told) => {
    const start = async () => {
      const gateway = new TrellisGateway({ supergraphSdl, ...(wrong as TrellisGatewayOptions) });
      await gateway.load({ apollo: {} });
    };

    await expect(start()).rejects.toThrow(told);
  });
});
