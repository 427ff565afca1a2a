import { post, startLibrary, type RunningLibrary } from '../testing/start-library.ts';

describe('when the data of a subgraph does not fit the schema', () => {
  let library: RunningLibrary;

  beforeAll(async () => {
    library = await startLibrary();
  });
  afterEach(() => {
    for (const subgraph of Object.values(library.subgraphs)) subgraph.misbehave(undefined);
  });
  afterAll(() => library.stop());

  it('names the subgraph, where several have answered', async () => {
    library.subgraphs['reviews']!.misbehave((_request, response) => {
      response.json({ data: { _entities: [{ rating: 'high' }, { rating: 1 }, { rating: null }] } });
    });

    const { body } = await post(library.gateway.url, { query: '{ media { title rating } }' });

    expect(body.data).toMatchObject({ media: [{ rating: null }, { rating: 1 }, { rating: null }] });
    expect(body.errors?.map(({ path, extensions }) => [path, extensions])).toEqual([
      [['media', 0, 'rating'], { code: 'SUBREQUEST_INVALID_DATA', service: 'reviews' }],
    ]);
  });

  it('names the field, and shows none of the data', async () => {
    library.subgraphs['media']!.misbehave((_request, response) => {
      response.json({ data: { book: { genre: 'TOP_SECRET' } } });
    });

    const { body } = await post(library.gateway.url, { query: '{ book(id: "m1") { genre } }' });

    expect(body.errors?.map(({ message }) => message)).toEqual([
      'The data of the field genre does not fit the schema.',
    ]);
  });

  it('has an error where the data is of another shape or value', async () => {
    library.subgraphs['media']!.misbehave(
      (_request, response) =>
        void response.json({
          data: {
            media: [{ __typename: 'Book', title: null }],
            matrix: 'x',
            book: { __typename: 'Book', genre: 'WESTERN' },
          },
        }),
    );

    const { body } = await post(library.gateway.url, { query: '{ matrix book(id: "m1") { genre } }' });

    expect(body.data).toEqual({ matrix: null, book: { genre: null } });
    expect(body.errors?.map(({ path, extensions }) => [path, extensions])).toEqual([
      [['matrix'], { code: 'SUBREQUEST_INVALID_DATA', service: 'media' }],
      [['book', 'genre'], { code: 'SUBREQUEST_INVALID_DATA', service: 'media' }],
    ]);
  });

  it('has an error for a null where there must be none, once', async () => {
    library.subgraphs['people']!.misbehave(
      (_request, response) => void response.json({ data: { people: [{ name: null, id: 'p1' }] } }),
    );

    const { body } = await post(library.gateway.url, { query: '{ people { name id } }' });

    expect(body).toMatchObject({
      data: null,
      errors: [
        {
          path: ['people', 0, 'name'],
          extensions: { code: 'SUBREQUEST_INVALID_DATA', service: 'people' },
        },
      ],
    });
    expect(body.errors).toHaveLength(1);
  });

  it('does not know the type of an object, so it does not guess', async () => {
    library.subgraphs['media']!.misbehave(
      (_request, response) => void response.json({ data: { medium: { __typename: 'Secret', title: 'T' } } }),
    );

    const { body } = await post(library.gateway.url, {
      query: '{ medium(id: "m1") { title ... on Film { minutes } } }',
    });

    expect(body).toMatchObject({ data: { medium: null }, errors: [{ path: ['medium'] }] });
    expect(JSON.stringify(body)).not.toContain('Secret');
  });

  it.each(['first', 'second'])(
    'has the first 200 errors told and the others counted, the %s time too',
    async () => {
      const many = Array.from({ length: 3_000 }, (_, index) => ({ id: `p${index}`, moody: {} }));
      library.subgraphs['people']!.misbehave(
        (_request, response) => void response.json({ data: { people: many } }),
      );

      const { body } = await post(library.gateway.url, { query: '{ people { id moody } depots }' });

      expect(body.data).toMatchObject({ depots: ['north'] });
      expect(body.errors).toHaveLength(201);
      expect(body.errors?.[199]).toMatchObject({
        path: ['people', 199, 'moody'],
        extensions: { code: 'SUBREQUEST_INVALID_DATA', service: 'people' },
      });
      expect(body.errors?.[200]).toEqual({
        message: 'There were more errors: 2800 of them are left out.',
        extensions: { code: 'SUBREQUEST_ERRORS_LEFT_OUT', leftOut: 2_800, service: 'people' },
      });
    },
  );

  it('has the errors of each subgraph counted by themselves', async () => {
    const { people, reviews } = library.subgraphs;
    people!.misbehave((_request, response) => {
      const many = Array.from({ length: 300 }, (_, index) => ({
        __typename: 'Person',
        id: `p${index}`,
        moody: {},
      }));
      response.json({ data: { people: many } });
    });
    reviews!.misbehave((_request, response) => {
      response.json({ data: { _entities: Array.from({ length: 300 }, () => ({ lost: 'x' })) } });
    });

    const { body } = await post(library.gateway.url, { query: '{ people { moody lost { stars } } }' });

    expect(body.errors).toHaveLength(402);
    expect(body.errors?.slice(400).map(({ extensions }) => extensions)).toEqual([
      { code: 'SUBREQUEST_ERRORS_LEFT_OUT', leftOut: 100, service: 'people' },
      { code: 'SUBREQUEST_ERRORS_LEFT_OUT', leftOut: 100, service: 'reviews' },
    ]);
  });
});
