import { post, startLibrary, type RunningLibrary } from '../testing/start-library.ts';

describe('a subgraph that is away for a moment', () => {
  let library: RunningLibrary;
  let requests: number;

  beforeAll(async () => {
    library = await startLibrary();
  });
  beforeEach(() => {
    requests = 0;
    library.subgraphs['people']!.misbehave((_request, response, next) => {
      requests += 1;
      if (requests === 1) response.status(503).end();
      else next();
    });
  });
  afterAll(() => library.stop());

  // Once interpreted, then compiled.
  it.each(['first', 'second'])('is asked again for root fields and entities, the %s time too', async () => {
    const root = await post(library.gateway.url, { query: '{ me { name } }' });
    expect(root.body).toEqual({ data: { me: { name: 'Grace' } } });
    expect(requests).toBe(2);

    requests = 0;
    const entities = await post(library.gateway.url, { query: '{ book(id: "m1") { author { nickname } } }' });
    expect(entities.body).toEqual({ data: { book: { author: { nickname: null } } } });
    expect(requests).toBe(2);
  });

  it.each(['first', 'second'])('is not asked again for a mutation, the %s time either', async () => {
    const { body } = await post(library.gateway.url, {
      query: 'mutation { rename(id: "p1", name: "x") { name } }',
    });

    expect(body.errors).toMatchObject([{ extensions: { code: 'SUBREQUEST_HTTP_ERROR', service: 'people' } }]);
    expect(requests).toBe(1);
  });
});
