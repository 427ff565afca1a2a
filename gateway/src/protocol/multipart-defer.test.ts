import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { askForParts, deferSpec } from '../testing/ask-for-parts.ts';
import { startLibrary, type RunningLibrary } from '../testing/start-library.ts';
import { waitUntil } from '../testing/wait-until.ts';

describe('@defer over HTTP', () => {
  let library: RunningLibrary;
  const url = (): string => library.gateway.url;

  beforeAll(async () => {
    // Whatever is packed, parts are not held back by it.
    library = await startLibrary({ compression: true });
  });
  afterAll(() => library.stop());
  afterEach(() => {
    for (const subgraph of Object.values(library.subgraphs)) subgraph.misbehave(undefined);
  });

  it('answers at once what is not deferred, and the rest in a part of its own', async () => {
    const query = '{ me { name ...R @defer(label: "reviews") } } fragment R on Person { reviews { body } }';

    expect(await askForParts(url(), { query })).toEqual({
      type: 'multipart/mixed; boundary="-"; deferSpec=20220824',
      parts: [
        { data: { me: { name: 'Grace' } }, hasNext: true },
        {
          incremental: [
            { data: { reviews: [{ body: 'Fine' }, { body: 'Long' }] }, path: ['me'], label: 'reviews' },
          ],
          hasNext: false,
        },
      ],
    });
  });

  it('announces and completes fragments for a client of the newer format', async () => {
    const query = '{ me { name ... @defer(label: "r") { reviews { ... @defer { body } } } } }';

    expect(await askForParts(url(), { query }, 'multipart/mixed;incrementalSpec=v0.2')).toEqual({
      type: 'multipart/mixed; boundary="-"; incrementalSpec=v0.2',
      parts: [
        { data: { me: { name: 'Grace' } }, pending: [{ id: '0', path: ['me'], label: 'r' }], hasNext: true },
        {
          pending: [
            { id: '1', path: ['me', 'reviews', 0] },
            { id: '2', path: ['me', 'reviews', 1] },
          ],
          incremental: [{ id: '0', data: { reviews: [{}, {}] } }],
          completed: [{ id: '0' }],
          hasNext: true,
        },
        {
          incremental: [
            { id: '1', data: { body: 'Fine' } },
            { id: '2', data: { body: 'Long' } },
          ],
          completed: [{ id: '1' }, { id: '2' }],
          hasNext: false,
        },
      ],
    });
  });

  it('does not let a slow subgraph hold up what does not need it', async () => {
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    library.subgraphs['reviews']!.misbehave((_request, _response, next) => void held.then(() => next()));
    const response = await fetch(`${url()}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: deferSpec },
      body: JSON.stringify({ query: '{ me { name ... @defer { reviews { id } } } }' }),
    });
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    // The boundary after the part is what tells clients that it is complete.
    while (!/hasNext":true}\r\n---\r\n/.test(text)) text += (await reader.read()).value ?? '';

    expect(text).toContain('"Grace"');
    expect(text).not.toContain('incremental');

    release();
    for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read())
      text += value ?? '';
    expect(text).toContain('"incremental":[{"data":{"reviews":[{"id":"r1"},{"id":"r3"}]},"path":["me"]}]');
    expect(text.endsWith('\r\n-----\r\n')).toBe(true);
  });

  it('asks for what is deferred as soon as what it depends on is there, while others are waited for', async () => {
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    library.subgraphs['media']!.misbehave((_request, _response, next) => void held.then(() => next()));
    const before = library.subgraphs['reviews']!.received.length;
    const answer = askForParts(url(), {
      query: '{ me { name ... @defer { reviews { id } } } shelves { title } }',
    });

    await waitUntil(() => library.subgraphs['reviews']!.received.length > before);
    release();

    expect((await answer).parts).toHaveLength(2);
    expect(library.subgraphs['reviews']!.received.length).toBe(before + 1);
  });

  it('defers on every object of a list, and within what is deferred', async () => {
    const query = `{ people { id ... @defer(label: "a") { nickname ... @defer(label: "b") { reviews { stars } } } } }`;

    const { parts } = await askForParts(url(), { query });

    const paths = parts
      .slice(1)
      .flatMap(({ incremental }) => incremental as { path: unknown[]; label: string }[])
      .map(({ path, label }) => `${label} ${path.join('.')}`);
    expect(paths).toEqual(
      ['a', 'b'].flatMap((label) => [0, 1, 2].map((index) => `${label} people.${index}`)),
    );
  });

  it('defers within one subgraph, entity or not, on the root, and below a mutation’s result', async () => {
    for (const [query, expected] of [
      ['{ me { id ... @defer { name } } }', { me: { id: 'p2', name: 'Grace' } }],
      [
        '{ book(id: "m1") { size { width ... @defer { height } } } }',
        { book: { size: { width: 10, height: 20 } } },
      ],
      ['{ ... @defer { me { id } __schema { queryType { name } } } }', undefined],
      [
        'mutation { review(mediumId: "m1", body: "b") { review { body ... @defer { by { name } } } } }',
        undefined,
      ],
    ] as const) {
      const { parts } = await askForParts(url(), { query });
      expect(parts).toHaveLength(2);
      expect(parts[1]).not.toHaveProperty('errors');
      if (expected !== undefined) {
        const [{ data }, { incremental }] = parts as [
          { data: Record<string, Record<string, unknown>> },
          { incremental: [{ data: object; path: string[] }] },
        ];
        const [{ data: deferred, path }] = incremental;
        const object = path.reduce<Record<string, unknown>>(
          (value, key) => value[key] as Record<string, unknown>,
          data,
        );
        Object.assign(object, deferred);
        expect(data).toEqual(expected);
      }
    }
  });

  it('stops a null at the fragment, and tells the error with its whole path', async () => {
    const query = '{ person(id: "p2") { id ... @defer(label: "f") { fragile } } }';

    expect((await askForParts(url(), { query })).parts).toEqual([
      { data: { person: { id: 'p2' } }, hasNext: true },
      {
        incremental: [
          {
            data: null,
            path: ['person'],
            label: 'f',
            errors: [
              {
                message: 'broke',
                path: ['person', 'fragile'],
                extensions: { code: 'BROKEN', service: 'people' },
              },
            ],
          },
        ],
        hasNext: false,
      },
    ]);
  });

  it('tells an error with its fragment, also where a subgraph has an interface as an object', async () => {
    const query = '{ topMedia { id ... on Book @defer(label: "b") { author { lost { id } } } } }';

    const { parts } = await askForParts(url(), { query });

    expect(parts).toEqual([
      { data: { topMedia: [{ id: 'm3' }, { id: 'm1' }] }, hasNext: true },
      {
        incremental: [
          {
            data: { author: { lost: null } },
            path: ['topMedia', 1],
            label: 'b',
            errors: [
              {
                message: 'lost',
                path: ['topMedia', 1, 'author', 'lost'],
                extensions: { code: 'LOST', service: 'reviews' },
              },
            ],
          },
        ],
        hasNext: false,
      },
    ]);
  });

  it('tells the failure of a subgraph in the part that needed it', async () => {
    library.subgraphs['reviews']!.misbehave((_request, response) => void response.status(500).end());

    const { parts } = await askForParts(url(), { query: '{ people { id ... @defer { lost { id } } } }' });

    expect(parts[0]).toEqual({ data: { people: [{ id: 'p1' }, { id: 'p2' }, { id: 'p3' }] }, hasNext: true });
    expect(parts[1]).toMatchObject({
      incremental: [0, 1, 2].map((index) => ({
        data: { lost: null },
        errors: [
          {
            path: ['people', index, 'lost'],
            extensions: { code: 'SUBREQUEST_HTTP_ERROR', service: 'reviews' },
          },
        ],
      })),
    });
  });

  it('gives up what is deferred when the client leaves', async () => {
    let given = false;
    library.subgraphs['reviews']!.misbehave((_request, response) => {
      response.once('close', () => (given = true));
    });
    const sent = httpRequest(`${url()}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: deferSpec },
    });
    sent.end(JSON.stringify({ query: '{ me { name ... @defer { reviews { id } } } }' }));
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    await once(response, 'data');

    sent.destroy();

    await waitUntil(() => given);
  });
});
