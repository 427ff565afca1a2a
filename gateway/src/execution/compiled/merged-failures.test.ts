import { json, type Request, type RequestHandler } from 'express';
import { post, startLibrary, type RunningLibrary } from '../../testing/start-library.ts';

/** Asks the same subgraph for fields of a person and of media, in one request once it is compiled. */
const query = '{ person(id: "p2") { name reviews { stars } } media { title score: rating } }';

const isMerged = ({ body }: Request): boolean =>
  (body as { query: string }).query.includes('entities1:_entities');

/** Answers merged requests by this, and others as they should be. */
const toMerged = (answer: (request: Request) => object): RequestHandler => {
  const parse = json();
  return (request, response, next) =>
    parse(request, response, () => (isMerged(request) ? response.json(answer(request)) : next()));
};

describe('when a merged request fails', () => {
  let library: RunningLibrary;
  let healthy: unknown;

  beforeAll(async () => {
    library = await startLibrary();
    healthy = (await post(library.gateway.url, { query })).body; // from now on it is known
    library.subgraphs['reviews']!.received.length = 0;
    expect((await post(library.gateway.url, { query })).body).toEqual(healthy);
    expect(library.subgraphs['reviews']!.received).toHaveLength(1);
  });
  afterEach(() => library.subgraphs['reviews']!.misbehave(undefined));
  afterAll(() => library.stop());

  it('each of its fetches fails as it would have alone', async () => {
    library.subgraphs['reviews']!.misbehave((_request, response) => void response.status(500).end());

    const { body } = await post(library.gateway.url, { query });

    expect(body.data).toEqual({
      person: null, // its reviews must not be null
      media: [
        { title: 'Notes', score: null },
        { title: 'Compilers', score: null },
        { title: 'Shortest Path', score: null },
      ],
    });
    const extensions = { code: 'SUBREQUEST_HTTP_ERROR', service: 'reviews' };
    expect(body.errors?.map(({ path, extensions }) => [path, extensions])).toEqual([
      [['person', 'reviews'], extensions],
      [['media', 0, 'score'], extensions],
      [['media', 1, 'score'], extensions],
      [['media', 2, 'score'], extensions],
    ]);
  });

  it('an error about one entity is told at its place, and all others are answered', async () => {
    library.subgraphs['reviews']!.misbehave(
      toMerged(() => ({
        data: {
          entities0: [{ reviews: [{ stars: 4 }] }],
          entities1: [{ score: null }, { score: 2 }, { score: 3 }],
        },
        errors: [{ message: 'no', path: ['entities1', 0, 'score'], extensions: { code: 'UNRATED' } }],
      })),
    );

    const { body } = await post(library.gateway.url, { query });

    expect(body.data).toEqual({
      person: { name: 'Grace', reviews: [{ stars: 4 }] },
      media: [
        { title: 'Notes', score: null },
        { title: 'Compilers', score: 2 },
        { title: 'Shortest Path', score: 3 },
      ],
    });
    expect(body.errors).toEqual([
      { message: 'no', path: ['media', 0, 'score'], extensions: { code: 'UNRATED', service: 'reviews' } },
    ]);
  });

  it('a fetch whose data was lost by another’s error is made again alone', async () => {
    library.subgraphs['reviews']!.misbehave(
      toMerged(() => ({
        data: null,
        errors: [{ message: 'no', path: ['entities0'], extensions: { code: 'NOBODY' } }],
      })),
    );

    const { body } = await post(library.gateway.url, { query });

    expect(body).toMatchObject({
      data: { person: null, media: (healthy as { data: { media: unknown } }).data.media },
      errors: [{ message: 'no', extensions: { code: 'NOBODY', service: 'reviews' } }],
    });
  });

  it('an error about the request as a whole is every fetch’s', async () => {
    library.subgraphs['reviews']!.misbehave(
      toMerged(() => ({ errors: [{ message: 'too complex', extensions: { code: 'TOO_COMPLEX' } }] })),
    );

    const { body } = await post(library.gateway.url, { query });

    expect(body.data).toMatchObject({ person: null, media: [{ score: null }, {}, {}] });
    expect(body.errors?.map(({ path }) => path)).toEqual([
      ['person', 'reviews'],
      ['media', 0, 'score'],
      ['media', 1, 'score'],
      ['media', 2, 'score'],
    ]);
  });
});
