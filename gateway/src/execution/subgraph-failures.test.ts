import { createLogger } from '@trellis/lifecycle';
import type { RequestHandler } from 'express';
import { post, startLibrary, type RunningLibrary } from '../testing/start-library.ts';

/** What clients must never be told. */
const secret = 'at db-7.internal: SELECT';

const html: RequestHandler = (_request, response) => void response.status(502).type('html').send(secret);
const silent: RequestHandler = () => {};
const redirect: RequestHandler = (_request, response) => response.redirect(307, 'http://127.0.0.1:1/');
const huge: RequestHandler = (_request, response) => void response.json({ data: { x: 'x'.repeat(200_000) } });
const refusing: RequestHandler = (_request, response) =>
  void response.status(401).json({ errors: [{ message: 'who?', extensions: { code: 'UNAUTHENTICATED' } }] });

describe('when a subgraph fails', () => {
  let library: RunningLibrary;
  const logged: Record<string, unknown>[] = [];

  beforeAll(async () => {
    const logger = createLogger('gateway', 'warn', {
      write: (line) => void logged.push(JSON.parse(line) as Record<string, unknown>),
    });
    library = await startLibrary({
      logger,
      subgraphDeadlineMs: 3_000,
      maxSubgraphResponseBytes: 100_000,
    });
  });
  afterEach(() => {
    for (const subgraph of Object.values(library.subgraphs)) subgraph.misbehave(undefined);
  });
  afterAll(() => library.stop());

  it.each([
    ['is down', html, 'SUBREQUEST_HTTP_ERROR'],
    ['does not answer', silent, 'SUBREQUEST_TIMEOUT'],
    ['redirects', redirect, 'SUBREQUEST_HTTP_ERROR'],
    ['answers too much', huge, 'SUBREQUEST_RESPONSE_TOO_LARGE'],
    ['refuses the gateway', refusing, 'UNAUTHENTICATED'],
  ])(
    'and %s, its fields are null with the reason at their paths, and all others are answered',
    async (_what, how, code) => {
      library.subgraphs['reviews']!.misbehave(how);

      const { status, body } = await post(library.gateway.url, {
        query: '{ person(id: "p2") { name theirs: lost { id } } media { title rating } depots }',
      });

      expect(status).toBe(200);
      expect(body.data).toEqual({
        person: { name: 'Grace', theirs: null },
        media: [
          { title: 'Notes', rating: null },
          { title: 'Compilers', rating: null },
          { title: 'Shortest Path', rating: null },
        ],
        depots: ['north'],
      });
      const placed = body.errors?.map(({ path, extensions }) => [path, extensions]);
      const extensions = { code, service: 'reviews' };
      expect(placed).toEqual([
        [['person', 'theirs'], extensions],
        [['media', 0, 'rating'], extensions],
        [['media', 1, 'rating'], extensions],
        [['media', 2, 'rating'], extensions],
      ]);
    },
  );

  it('takes a null that must not be as far up as the schema says', async () => {
    library.subgraphs['reviews']!.misbehave(html);

    const { body } = await post(library.gateway.url, {
      query: '{ me { name theirs: reviews { stars } } media { title } }',
    });

    // A list of reviews must not be null, and neither must `me`.
    expect(body.data).toBeNull();
    expect(body.errors).toMatchObject([{ path: ['me', 'theirs'], extensions: { service: 'reviews' } }]);
  });

  it('logs a failed request once, however many fields lack its data', async () => {
    library.subgraphs['reviews']!.misbehave(html);
    logged.length = 0;

    const { body } = await post(library.gateway.url, { query: '{ media { logged: rating } }' });

    expect(body.errors).toHaveLength(3);
    const failures = logged.filter(({ msg }) => msg === 'a request to a subgraph failed');
    expect(failures).toMatchObject([
      { level: 40, code: 'SUBREQUEST_HTTP_ERROR', subgraph: 'reviews', path: ['media', 0, 'logged'] },
    ]);
  });

  it('tells each null field of a list of entities why', async () => {
    library.subgraphs['reviews']!.misbehave(html);

    const { body } = await post(library.gateway.url, { query: '{ media { title score: rating } }' });

    expect(body.data).toEqual({
      media: [
        { title: 'Notes', score: null },
        { title: 'Compilers', score: null },
        { title: 'Shortest Path', score: null },
      ],
    });
    const error = (index: number) => ({
      message: 'The subgraph reviews could not be asked.',
      path: ['media', index, 'score'],
      extensions: { code: 'SUBREQUEST_HTTP_ERROR', service: 'reviews' },
    });
    expect(body.errors).toMatchObject([error(0), error(1), error(2)]);
    expect(JSON.stringify(body)).not.toContain(secret);
  });

  it('tells of root fields too', async () => {
    library.subgraphs['people']!.misbehave(html);

    const { body } = await post(library.gateway.url, { query: '{ boss: person(id: "p1") { name } depots }' });

    expect(body.data).toEqual({ boss: null, depots: ['north'] });
    expect(body.errors).toMatchObject([{ path: ['boss'], extensions: { code: 'SUBREQUEST_HTTP_ERROR' } }]);
  });

  it('does not guess the type of an object that its subgraph could not tell', async () => {
    library.subgraphs['media']!.misbehave(html);

    const { body } = await post(library.gateway.url, { query: '{ topMedia { id ... on Book { cost } } }' });

    expect(body).toMatchObject({
      data: null,
      errors: [{ path: ['topMedia', 0], extensions: { code: 'SUBREQUEST_HTTP_ERROR', service: 'media' } }],
    });
  });

  it('masks what a subgraph did not mean to tell, and keeps its place', async () => {
    library.subgraphs['people']!.misbehave(
      (_request, response) =>
        void response.json({
          data: { me: { name: 'Grace', moody: null } },
          errors: [
            {
              message: secret,
              path: ['me', 'moody'],
              extensions: { code: 'INTERNAL_SERVER_ERROR', exception: secret },
            },
            { message: secret, path: ['me', 'moody'] },
            {
              message: 'too early',
              path: ['me', 'moody'],
              extensions: { code: 'TOO_EARLY', argument: 'x', stacktrace: [secret], http: { status: 418 } },
            },
          ],
        }),
    );

    const { status, body } = await post(library.gateway.url, { query: '{ me { name moody } }' });

    expect(status).toBe(200);
    const masked = {
      message: 'Internal server error',
      path: ['me', 'moody'],
      extensions: { code: 'INTERNAL_SERVER_ERROR', service: 'people' },
    };
    expect(body.errors).toEqual([
      masked,
      masked,
      {
        message: 'too early',
        path: ['me', 'moody'],
        extensions: { code: 'TOO_EARLY', argument: 'x', service: 'people' },
      },
    ]);
  });

  it('gets fewer entities than it asked for', async () => {
    library.subgraphs['reviews']!.misbehave(
      (_request, response) => void response.json({ data: { _entities: [{ rating: 1 }] } }),
    );

    const { body } = await post(library.gateway.url, { query: '{ media { title rating } }' });

    expect(body.errors).toHaveLength(3);
    expect(body.errors?.[0]).toMatchObject({
      path: ['media', 0, 'rating'],
      extensions: { code: 'SUBREQUEST_MALFORMED_RESPONSE' },
    });
  });

  it('asks for equal entities once, and gives each place its answer and its error', async () => {
    const people = library.subgraphs['people']!;
    people.received.length = 0;

    const { body } = await post(library.gateway.url, { query: '{ reviews { by { name moody } } }' });

    expect(people.received.map(({ variables }) => variables)).toEqual([
      {
        representations: [
          { __typename: 'Person', id: 'p2' },
          { __typename: 'Person', id: 'p3' },
        ],
      },
    ]);
    expect(body.data).toEqual({
      reviews: [
        { by: { name: 'Grace', moody: null } },
        { by: { name: 'Edsger', moody: 'fine' } },
        { by: { name: 'Grace', moody: null } },
      ],
    });
    expect(body.errors?.map(({ path }) => path)).toEqual([
      ['reviews', 0, 'by', 'moody'],
      ['reviews', 2, 'by', 'moody'],
    ]);
  });
});
