import { createLogger, listen, type HttpListener } from '@trellis/lifecycle';
import { commandOptions } from '../command-options.ts';
import { createGateway, type Gateway } from '../create-gateway.ts';
import { compose } from '../testing/compose.ts';
import { librarySubgraphs } from '../testing/library-graph.ts';
import { post } from '../testing/start-library.ts';
import { waitUntil } from '../testing/wait-until.ts';
import { uplinkSupergraph } from './uplink-source.ts';

describe('a supergraph that Uplink delivers', () => {
  const library = compose(
    librarySubgraphs.map(({ name, typeDefs }) => ({ name, typeDefs, url: 'http://127.0.0.1:1' })),
  );
  const one = compose(
    librarySubgraphs
      .filter(({ name }) => name === 'people')
      .map(({ name, typeDefs }) => ({ name, typeDefs, url: 'http://127.0.0.1:1' })),
  );
  let uplink: HttpListener;
  /** What Uplink answers, in its turn; the last again and again. */
  let answers: unknown[];
  let asked: { query: string; variables: Record<string, unknown> }[];
  let gateway: Gateway | undefined;

  const delivered = (id: string, supergraphSdl: string) => ({
    __typename: 'RouterConfigResult',
    id,
    supergraphSdl,
    minDelaySeconds: 0.01,
  });
  beforeEach(async () => {
    [answers, asked] = [[], []];
    uplink = await listen(
      (request, response) => {
        let text = '';
        request.on('data', (chunk) => (text += String(chunk)));
        request.on('end', () => {
          asked.push(JSON.parse(text) as (typeof asked)[number]);
          const routerConfig = answers.length > 1 ? answers.shift() : answers[0];
          response.setHeader('content-type', 'application/json');
          response.end(JSON.stringify({ data: { routerConfig } }));
        });
      },
      { port: 0, host: '127.0.0.1' },
    );
  });
  afterEach(async () => {
    await gateway?.stop();
    gateway = undefined;
    await uplink.stop(0);
  });
  const start = async (): Promise<Gateway> => {
    const environment = {
      APOLLO_KEY: 'service:library:secret',
      APOLLO_GRAPH_REF: 'library@current',
      APOLLO_UPLINK_ENDPOINTS: uplink.url,
      GATEWAY_PORT: '0',
      LOG_LEVEL: 'silent',
    };
    return (gateway = await createGateway(commandOptions(environment, {})));
  };
  const typeNames = async (): Promise<string> =>
    JSON.stringify((await post(gateway!.url, { query: '{ __schema { types { name } } }' })).body);

  it('is asked for by key and graph ref, served, and swapped when there is another', async () => {
    answers = [delivered('1', one), { __typename: 'Unchanged', id: '1' }, delivered('2', library)];
    await start();
    expect(asked[0]?.variables).toEqual({
      apiKey: 'service:library:secret',
      ref: 'library@current',
      ifAfterId: null,
    });

    await waitUntil(async () => (await typeNames()).includes('Book'));

    expect(asked[1]?.variables['ifAfterId']).toBe('1');
  });

  it('is needed at the start, and the key is not repeated when it is refused', async () => {
    answers = [{ __typename: 'FetchError', code: 'AUTHENTICATION_FAILED', message: 'no such\nkey' }];
    const starting = createGateway({
      supergraph: uplinkSupergraph({
        key: 'service:library:secret',
        graphRef: 'library@current',
        uplinkEndpoints: [uplink.url],
        uplinkMaxRetries: 0,
      }),
      port: 0,
      logger: createLogger('gateway', 'silent'),
    });

    await expect(starting).rejects.toThrow(
      'Uplink does not deliver the supergraph of library@current (AUTHENTICATION_FAILED: no such key): check APOLLO_KEY',
    );
  });
});
