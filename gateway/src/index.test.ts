import * as gateway from './index.ts';
import { post } from './testing/start-library.ts';
import { librarySubgraphs } from './testing/library-graph.ts';
import { compose } from './testing/compose.ts';
import { startSubgraph } from './testing/start-subgraph.ts';

describe('the library', () => {
  it('has all that its options are made of: no other package of the repository is needed', async () => {
    const running = await Promise.all(librarySubgraphs.map(startSubgraph));
    const rule: gateway.InsertRequestHeader = { insert: 'x-via', value: 'trellis' };
    const logger: gateway.Logger = gateway.createLogger('shop', 'silent');
    const signingKey: gateway.SigningKey = gateway.importSigningKey(
      gateway.exportSigningKey(gateway.generateSigningKey()),
    );
    const nothing: gateway.Stoppable = { stop: async () => {} };
    const supergraph: gateway.SupergraphSource = {
      load: async () => compose(running),
      watch: () => nothing,
    };
    const options = { supergraph, port: 0, logger, signingKey, headers: { request: [rule] } };
    const { url, stop } = await gateway.createGateway(options);
    try {
      const { body } = await post(url, { query: '{ me { name } }' });
      expect(body).toEqual({ data: { me: { name: 'Grace' } } });
      await expect(
        gateway.createGateway({ ...options, port: Number(new URL(url).port) }),
      ).rejects.toBeInstanceOf(gateway.PortTakenError);
    } finally {
      await stop();
      await Promise.all(running.map((subgraph) => subgraph.stop()));
    }
  });
});
