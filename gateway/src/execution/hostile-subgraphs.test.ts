import { gzipSync } from 'node:zlib';
import type { RequestHandler } from 'express';
import { post, startLibrary, type RunningLibrary } from '../testing/start-library.ts';

/** Answers 200 with a body as it is. */
const answering =
  (type: string, body: string | Buffer, encoding?: string): RequestHandler =>
  (_request, response) => {
    if (encoding !== undefined) response.set('content-encoding', encoding);
    response.writeHead(200, { 'content-type': type }).end(body);
  };
const json = 'application/json';
const megabyte = gzipSync(Buffer.alloc(1_000_000));
/** A gzip stream may consist of several (RFC 1952, section 2.2). */
const bomb = Buffer.concat(Array.from({ length: 200 }, () => megabyte));

describe.each<[string, RequestHandler, string]>([
  ['HTML', answering('text/html', '<html>'), 'SUBREQUEST_MALFORMED_RESPONSE'],
  ['broken JSON', answering(json, '{"data":{'), 'SUBREQUEST_MALFORMED_RESPONSE'],
  ['JSON of another type', answering('text/plain', '{"data":{}}'), 'SUBREQUEST_MALFORMED_RESPONSE'],
  ['nothing', answering(json, ''), 'SUBREQUEST_MALFORMED_RESPONSE'],
  ['null', answering(json, 'null'), 'SUBREQUEST_MALFORMED_RESPONSE'],
  ['a list', answering(json, '[{"data":{}}]'), 'SUBREQUEST_MALFORMED_RESPONSE'],
  [
    'lists within each other',
    answering(json, `{"data":{"boss":{"name":"x","more":${'['.repeat(200_000)}${']'.repeat(200_000)}}}}`),
    'SUBREQUEST_RESPONSE_TOO_LARGE',
  ],
  ['200 MB in 200 kB', answering(json, bomb, 'gzip'), 'SUBREQUEST_RESPONSE_TOO_LARGE'],
  ['a redirect', (_request, response) => response.redirect(307, '/'), 'SUBREQUEST_HTTP_ERROR'],
])('a subgraph that answers with %s', (_what, answer, code) => {
  let library: RunningLibrary;

  beforeAll(async () => {
    library = await startLibrary({ maxSubgraphResponseBytes: 1_000_000 });
    library.subgraphs['people']!.misbehave(answer);
  });
  afterAll(() => library.stop());

  // Once interpreted, then compiled.
  it.each(['first', 'second'])('costs its own fields alone, the %s time too', async () => {
    const { body } = await post(library.gateway.url, { query: '{ boss: person(id: "p1") { name } depots }' });

    expect(body.data).toEqual({ boss: null, depots: ['north'] });
    expect(body.errors).toMatchObject([{ path: ['boss'], extensions: { code, service: 'people' } }]);
  });
});

describe('a subgraph that answers with very many errors', () => {
  let library: RunningLibrary;

  beforeAll(async () => {
    library = await startLibrary();
  });
  afterAll(() => library.stop());

  const leftOut = (count: number) => ({
    message: expect.stringContaining(String(count)) as string,
    extensions: { code: 'SUBREQUEST_ERRORS_LEFT_OUT', leftOut: count, service: expect.any(String) as string },
  });

  it.each(['first', 'second'])('has the first of them told, the %s time too', async () => {
    const aliases = Array.from({ length: 250 }, (_, index) => `a${index}: unreliable`);
    const { body } = await post(library.gateway.url, { query: `{ ${aliases.join(' ')} depots }` });

    expect(body.data).toMatchObject({ a0: null, a249: null, depots: ['north'] });
    expect(body.errors).toHaveLength(201);
    expect(body.errors?.[199]).toMatchObject({ path: ['a199'], extensions: { code: 'OUT_OF_ORDER' } });
    expect(body.errors?.[200]).toEqual(leftOut(50));
  });

  it.each(['first', 'second'])('has an error at every field that is absent, the %s time too', async () => {
    const errors = Array.from({ length: 1_000 }, () => ({
      message: 'no',
      path: ['_entities', 0, 'lost'],
      extensions: { code: 'NO' },
    }));
    library.subgraphs['reviews']!.misbehave((_request, response) => response.json({ data: null, errors }));
    const { body } = await post(library.gateway.url, { query: '{ people { name lost { stars } } }' });
    library.subgraphs['reviews']!.misbehave(undefined);

    const told = body.errors?.filter(({ extensions }) => extensions?.['code'] === 'NO');
    expect(told).toHaveLength(200);
    expect(body.errors?.slice(200)).toMatchObject([
      { path: ['people', 1, 'lost'], ...leftOut(800) },
      { path: ['people', 2, 'lost'], ...leftOut(800) },
    ]);
  });

  // Within the time that a test has: what goes through all the objects for each of them takes minutes.
  it('has an error told for each of 20,000 objects that it left without data', async () => {
    const { people, reviews } = library.subgraphs;
    const many = Array.from({ length: 20_000 }, (_, index) => ({ __typename: 'Person', id: `p${index}` }));
    const ask = () => post(library.gateway.url, { query: '{ people { id } people { lost { body } } }' });
    await ask();
    people!.misbehave((_request, response) => response.json({ data: { people: many } }));
    reviews!.misbehave((_request, response) => response.json({ data: null, errors: [{ message: 'no' }] }));
    const { body } = await ask();
    people!.misbehave(undefined);
    reviews!.misbehave(undefined);

    expect(body.errors).toHaveLength(20_000);
  });

  it.each(['first', 'second'])('has an error told at 200 places at the most, the %s time too', async () => {
    const { people, reviews } = library.subgraphs;
    const alike = Array.from({ length: 250 }, () => ({ __typename: 'Person', id: 'p1' }));
    people!.misbehave((_request, response) => response.json({ data: { people: alike } }));
    reviews!.misbehave((_request, response) =>
      response.json({
        data: { _entities: [{ lost: null }] },
        errors: [{ message: 'no', path: ['_entities', 0, 'lost'], extensions: { code: 'NO' } }],
      }),
    );
    const { body } = await post(library.gateway.url, { query: '{ people { id lost { stars } } }' });
    people!.misbehave(undefined);
    reviews!.misbehave(undefined);

    expect(body.errors).toHaveLength(201);
    expect(body.errors?.[199]).toMatchObject({ path: ['people', 199, 'lost'], extensions: { code: 'NO' } });
    expect(body.errors?.[200]).toEqual(leftOut(50));
  });
});

describe('a subgraph whose error has a path to nothing that it was asked for', () => {
  let library: RunningLibrary;

  beforeAll(async () => {
    library = await startLibrary();
  });
  afterEach(() => {
    for (const subgraph of Object.values(library.subgraphs)) subgraph.misbehave(undefined);
  });
  afterAll(() => library.stop());

  const failing = (path: readonly unknown[], data: unknown): RequestHandler => {
    const error = { message: 'no', path, extensions: { code: 'NO' } };
    return (_request, response) => void response.json({ data, errors: [error] });
  };

  describe.each([
    ['names that every object has', ['__proto__', 'constructor']],
    ['a field that was not asked for', ['person', 'nickname']],
    ['a name below a leaf', ['boss', 'name', 'first']],
    ['an index beyond all lists', ['boss', 1e300]],
  ])('%s', (_what, path) => {
    // Once interpreted, then compiled.
    it.each(['first', 'second'])('is taken for one without a path, the %s time too', async () => {
      library.subgraphs['people']!.misbehave(failing(path, { boss: null }));
      const { body } = await post(library.gateway.url, {
        query: '{ boss: person(id: "p1") { name } depots }',
      });

      expect(body.data).toEqual({ boss: null, depots: ['north'] });
      expect(body.errors).toHaveLength(1);
      expect(body.errors?.[0]?.extensions).toEqual({ code: 'NO', service: 'people' });
      expect(JSON.stringify(body.errors?.[0]?.path ?? [])).toMatch(/^(\[\]|\["boss"\])$/);
    });
  });

  it.each(['first', 'second'])('is taken for one without a path in an entity, the %s time too', async () => {
    const path = ['_entities', 0, '__proto__', 'constructor'];
    library.subgraphs['reviews']!.misbehave(failing(path, { _entities: [{ lost: null }] }));
    const { body } = await post(library.gateway.url, { query: '{ me { name lost { stars } } }' });

    expect(body.data).toEqual({ me: { name: 'Grace', lost: null } });
    expect(JSON.stringify(body.errors)).not.toMatch(/__proto__|constructor/);
    expect(body.errors).toMatchObject([{ extensions: { code: 'NO', service: 'reviews' } }]);
  });
});
