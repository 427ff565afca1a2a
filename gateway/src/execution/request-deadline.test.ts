import { post, startLibrary, type RunningLibrary } from '../testing/start-library.ts';

describe('an operation that takes too long', () => {
  let library: RunningLibrary;

  beforeAll(async () => {
    library = await startLibrary({ subgraphDeadlineMs: 60_000, requestDeadlineMs: 400 });
  });
  afterAll(() => library.stop());

  // Once interpreted, then compiled.
  it.each(['first', 'second'])('is answered with what there is, the %s time too', async () => {
    library.subgraphs['reviews']!.misbehave(() => {});

    const { status, body } = await post(library.gateway.url, { query: '{ media { title rating } }' });

    expect(status).toBe(200);
    expect(body.data).toMatchObject({ media: [{ title: 'Notes', rating: null }, {}, {}] });
    expect(body.errors?.[0]).toMatchObject({
      message: 'The operation took too long: the subgraph reviews was not waited for any longer.',
      path: ['media', 0, 'rating'],
      extensions: { code: 'OPERATION_TIMEOUT', service: 'reviews' },
    });
  });
});
