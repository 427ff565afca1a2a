import { connect } from 'node:net';
import type { GatewayOptions } from '../options.ts';
import { post, startLibrary, type RunningLibrary } from '../testing/start-library.ts';
import { waitUntil } from '../testing/wait-until.ts';

const query = '{ person(id: "p2") { name } }';
const mutation = 'mutation { rename(id: "p1", name: "x") { name } }';

describe('requests that are in flight together', () => {
  let library: RunningLibrary;
  afterEach(() => library.stop());

  /** Starts the library with a gateway that has seen the operation, and so has it compiled. */
  const start = async (operation: string, options: Partial<GatewayOptions> = {}): Promise<void> => {
    library = await startLibrary({ forwardHeaders: ['x-shop'], ...options });
    await post(library.gateway.url, { query: operation });
    library.subgraphs['people']!.received.length = 0;
  };

  /** Sends an operation once for each caller, all at once, and answers none before as many requests have come to the subgraph. */
  const sendTogether = async (operation: string, callers: readonly string[], requests: number) => {
    const people = library.subgraphs['people']!;
    const held: (() => void)[] = [];
    people.misbehave((_request, _response, next) => void held.push(next));
    const answers = pipeline(library.gateway.url, operation, callers);
    await waitUntil(() => held.length >= requests);
    people.misbehave(undefined);
    for (const next of held) next();
    expect(await answers).toHaveLength(callers.length);
    return people.received.map(({ headers }) => headers['x-shop']);
  };

  it('reach a subgraph once when they are equal queries of one caller', async () => {
    await start(query);

    expect(await sendTogether(query, ['a', 'a', 'a'], 1)).toEqual(['a']);
  });

  it('reach a subgraph once for each caller', async () => {
    await start(query);

    expect((await sendTogether(query, ['a', 'b', 'a'], 2)).sort()).toEqual(['a', 'b']);
  });

  it('are executed once for each caller when the gateway is told so', async () => {
    await start(query, { shareSubgraphRequests: false, shareExecutions: true });

    expect((await sendTogether(query, ['a', 'b', 'a'], 2)).sort()).toEqual(['a', 'b']);
  });

  it('are all sent when the gateway is told so', async () => {
    await start(query, { shareSubgraphRequests: false });

    expect(await sendTogether(query, ['a', 'a'], 2)).toEqual(['a', 'a']);
  });

  it('are all sent when they are mutations', async () => {
    await start(mutation, { shareExecutions: true });

    expect(await sendTogether(mutation, ['a', 'a'], 2)).toEqual(['a', 'a']);
  });
});

/** Sends one request for each caller on one connection and in one packet, so that the gateway has them all before it answers any. */
async function pipeline(url: string, operation: string, callers: readonly string[]): Promise<string[]> {
  const body = JSON.stringify({ query: operation });
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  socket.write(
    callers
      .map(
        (caller) =>
          `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nx-shop: ${caller}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      )
      .join(''),
  );
  const answers = (): string[] => text.match(/{"data":.*}/g) ?? [];
  try {
    await waitUntil(() => answers().length === callers.length);
    return answers();
  } finally {
    socket.destroy();
  }
}
