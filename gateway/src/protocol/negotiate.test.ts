import { startLibrary, type RunningLibrary } from '../testing/start-library.ts';

const deferSpec = 'multipart/mixed;deferSpec=20220824';
const mutation = 'mutation { addBook(title: "T") { title } }';

describe('what a client accepts', () => {
  let library: RunningLibrary;

  beforeAll(async () => {
    library = await startLibrary({ batchLimit: 2 });
  });
  afterAll(() => library.stop());

  async function ask(
    accept: string,
    body: object,
  ): Promise<{ status: number; type: string | null; text: string }> {
    const response = await fetch(`${library.gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept },
      body: JSON.stringify(body),
    });
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      text: await response.text(),
    };
  }
  const subrequests = (): number =>
    Object.values(library.subgraphs).reduce((sum, { received }) => sum + received.length, 0);

  it.each<[string, string, object]>([
    ['text/plain', 'a mutation', { query: mutation }],
    ['text/html', 'a mutation', { query: mutation }],
    ['multipart/*', 'a mutation', { query: mutation }],
    ['multipart/mixed;deferSpec=20991231', 'a mutation', { query: mutation }],
    ['application/json;q=0', 'a mutation', { query: mutation }],
    ['application/json;profile=x', 'a mutation', { query: mutation }],
    [
      'text/plain',
      'a mutation that defers',
      { query: 'mutation { addBook(title: "T") { ... @defer { title } } }' },
    ],
    ['text/plain', 'a batch', [{ query: mutation }]],
    [deferSpec, 'a batch', [{ query: mutation }]],
  ])('is looked at before anything runs: 406 for %s and %s', async (accept, _what, body) => {
    const before = subrequests();

    const { status, text } = await ask(accept, body);

    expect([status, subrequests() - before]).toEqual([406, 0]);
    expect(text).toContain('"code":"BAD_REQUEST"');
  });

  describe.each([
    [deferSpec, 'deferSpec=20220824'],
    ['multipart/mixed', 'deferSpec=20220824'],
    ['multipart/mixed;incrementalSpec=v0.2', 'incrementalSpec=v0.2'],
  ])('%s alone: one part says', (accept, format) => {
    it.each<[string, string, number, object]>([
      ['the result of a mutation', mutation, 200, { data: { addBook: { title: 'T' } } }],
      [
        'what became null before anything of it could be deferred',
        'mutation { failToRename { id ... @defer { name } } }',
        200,
        { data: { failToRename: null }, errors: [{ path: ['failToRename'] }] },
      ],
      [
        'what does not fit the schema',
        '{ nothing }',
        400,
        { errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] },
      ],
      ['what cannot be parsed', '{', 400, { errors: [{ extensions: { code: 'GRAPHQL_PARSE_FAILED' } }] }],
      [
        'that the root of a mutation is not deferred',
        'mutation { ... @defer { removeAll } }',
        400,
        { errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] },
      ],
      [
        'that nothing is streamed',
        '{ people @stream { id } }',
        400,
        { errors: [{ extensions: { code: 'STREAM_NOT_SUPPORTED' } }] },
      ],
      [
        'that a variable is missing',
        'query($id: ID!) { person(id: $id) { id ... @defer { name } } }',
        400,
        { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] },
      ],
      [
        'an error of a subgraph',
        'mutation { removeAll }',
        200,
        { data: { removeAll: null }, errors: [{ extensions: { code: 'FORBIDDEN' } }] },
      ],
    ])('%s', async (_what, query, status, expected) => {
      const answer = await ask(accept, { query });

      expect([answer.status, answer.type]).toEqual([status, `multipart/mixed; boundary="-"; ${format}`]);
      const [, part] = /^\r\n---\r\ncontent-type: [^\r]+\r\n\r\n(.*)\r\n-----\r\n$/.exec(answer.text)!;
      expect(JSON.parse(part!)).toMatchObject({ ...expected, hasNext: false });
    });
  });

  it.each([
    `${deferSpec}, application/json`,
    `${deferSpec};q=1, application/json;q=0.1`,
    `${deferSpec}, */*`,
  ])('%s: what is not answered in parts is JSON', async (accept) => {
    const { type, text } = await ask(accept, { query: mutation });

    expect([type, JSON.parse(text)]).toEqual([
      'application/json; charset=utf-8',
      { data: { addBook: { title: 'T' } } },
    ]);
  });

  it('multipart/mixed;subscriptionSpec=1.0 alone: a mutation is the one event', async () => {
    const { status, text } = await ask('multipart/mixed;subscriptionSpec=1.0', { query: mutation });

    expect(status).toBe(200);
    expect(text).toContain('{"payload":{"data":{"addBook":{"title":"T"}}}}');
  });
});
