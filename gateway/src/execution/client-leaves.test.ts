import { gatewayIdentityHeader } from '@trellis/auth';
import { startLibrary, type RunningLibrary } from '../testing/start-library.ts';
import { waitUntil } from '../testing/wait-until.ts';

describe('when a client leaves', () => {
  let library: RunningLibrary;

  beforeAll(async () => {
    library = await startLibrary();
  });
  afterEach(() => {
    for (const subgraph of Object.values(library.subgraphs)) subgraph.misbehave(undefined);
  });
  afterAll(() => library.stop());

  // Once interpreted, then compiled.
  it.each(['first', 'second'])('a query is given up, run for the %s time', async () => {
    let asked = false;
    let cut = false;
    library.subgraphs['people']!.misbehave((request, response) => {
      asked = request.get(gatewayIdentityHeader) !== undefined;
      response.on('close', () => (cut = true));
    });
    const leaving = new AbortController();
    const sent = fetch(`${library.gateway.url}/graphql`, {
      method: 'POST',
      signal: leaving.signal,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ me { left: name } }' }),
    });
    sent.catch(() => {});
    await waitUntil(() => asked);

    leaving.abort();

    await expect(sent).rejects.toThrow();
    await waitUntil(() => cut);
  });

  it('a mutation is finished', async () => {
    const { people, media } = library.subgraphs;
    media!.received.length = 0;
    let letGo = (): void => {};
    let asked = false;
    people!.misbehave((_request, response) => {
      asked = true;
      letGo = () => response.json({ data: { rename: { name: 'x' } } });
    });
    const leaving = new AbortController();
    const sent = fetch(`${library.gateway.url}/graphql`, {
      method: 'POST',
      signal: leaving.signal,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        query: 'mutation { rename(id: "p1", name: "x") { name } addBook(title: "t") { title } }',
      }),
    });
    sent.catch(() => {});
    await waitUntil(() => asked);
    leaving.abort();
    await expect(sent).rejects.toThrow();

    letGo();

    await waitUntil(() => media!.received.length === 1);
  });
});
