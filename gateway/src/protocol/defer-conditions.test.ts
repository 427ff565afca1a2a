import { askForParts, deferSpec } from '../testing/ask-for-parts.ts';
import { post, startLibrary, type GraphQLBody, type RunningLibrary } from '../testing/start-library.ts';

describe('what is deferred, and for whom', () => {
  let library: RunningLibrary;
  const url = (): string => library.gateway.url;

  beforeAll(async () => {
    library = await startLibrary();
  });
  afterAll(() => library.stop());

  // Of that name the planner has a variable of its own.
  it.each(['later', 'representations'])(
    'leaves it to a variable $%s whether something is deferred',
    async (name) => {
      const query = `query($${name}: Boolean!) { me { name ... @defer(if: $${name}) { reviews { id } } } }`;
      const whole = { data: { me: { name: 'Grace', reviews: [{ id: 'r1' }, { id: 'r3' }] } } };

      expect((await askForParts(url(), { query, variables: { [name]: true } })).parts).toHaveLength(2);
      // With nothing deferred, it is an operation like any other, for every client.
      expect((await post(url(), { query, variables: { [name]: false } })).body).toEqual(whole);
      expect((await post(url(), { query, variables: { [name]: true } })).status).toBe(406);
    },
  );

  it('defers by default', async () => {
    const query = 'query($later: Boolean! = true) { me { name ... @defer(if: $later) { reviews { id } } } }';

    expect((await askForParts(url(), { query })).parts).toHaveLength(2);
    expect((await post(url(), { query })).status).toBe(406);
  });

  it.each([
    undefined,
    'application/json',
    '*/*',
    'multipart/*, */*',
    'multipart/mixed;deferSpec=20991231, */*',
  ])('tells a client that accepts %s what it has to accept', async (accept) => {
    const { status, body } = await post(
      url(),
      { query: '{ me { name ... @defer { nickname } } }' },
      accept === undefined ? {} : { accept },
    );

    expect(status).toBe(406);
    expect(body).toMatchObject({ errors: [{ extensions: { code: 'DEFER_TRANSPORT_REQUIRED' } }] });
    expect(body).not.toHaveProperty('data');
  });

  it.each([
    ['a stream', '{ people @stream { id } }', 'STREAM_NOT_SUPPORTED'],
    ['the root of a mutation', 'mutation { ... @defer { removeAll } }', 'GRAPHQL_VALIDATION_FAILED'],
    [
      'two fragments of one label',
      '{ me { ... @defer(label: "x") { id } ... @defer(label: "x") { name } } }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'a label that is a variable',
      'query($l: String) { me { ... @defer(label: $l) { id } } }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['a field', '{ me { name @defer } }', 'GRAPHQL_VALIDATION_FAILED'],
    [
      'more fragments than anybody needs',
      `{ me { ${Array.from({ length: 31 }, () => '... @defer { id }').join(' ')} } }`,
      'OPERATION_TOO_LARGE',
    ],
  ])('refuses to defer %s', async (_what, query, code) => {
    const { status, body } = await post(url(), { query }, { accept: deferSpec });

    expect(status).toBe(400);
    expect(body.errors).toMatchObject([{ extensions: { code } }]);
  });

  it('answers an operation without @defer as ever, whatever the client would take', async () => {
    const { body, headers } = await post(url(), { query: '{ me { name } }' }, { accept: deferSpec });

    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(body).toEqual({ data: { me: { name: 'Grace' } } });
  });

  it('tells clients of @defer, and of no @stream', async () => {
    const { body } = await post(url(), { query: '{ __schema { directives { name } } }' });
    const { directives } = (body as { data: { __schema: { directives: { name: string }[] } } }).data.__schema;
    const names = directives.map(({ name }) => name);

    expect(names).toContain('defer');
    expect(names).not.toContain('stream');
  });
});

describe('@defer within other ways to ask', () => {
  it('is answered in one piece over server-sent events, and in a batch', async () => {
    const library = await startLibrary({ batchLimit: 2 });
    const query = '{ me { name ... @defer { reviews { id } } } }';
    const whole = { data: { me: { name: 'Grace', reviews: [{ id: 'r1' }, { id: 'r3' }] } } };
    const ask = (accept: string, body: unknown) =>
      fetch(`${library.gateway.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept },
        body: JSON.stringify(body),
      }).then((response) => response.text());

    try {
      expect(await ask('text/event-stream', { query })).toContain(`data: ${JSON.stringify(whole)}\n`);
      const batch = JSON.parse(await ask(deferSpec, [{ query }, { query }])) as GraphQLBody[];
      expect(batch).toEqual([whole, whole]);
    } finally {
      await library.stop();
    }
  });
});
