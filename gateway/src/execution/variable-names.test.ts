import { post, startLibrary, type RunningLibrary } from '../testing/start-library.ts';

/** `JSON.parse`, because a literal's `__proto__` is its prototype. */
const named = (json: string): Record<string, unknown> => JSON.parse(json) as Record<string, unknown>;

describe('a client’s variable', () => {
  let library: RunningLibrary;

  beforeAll(async () => {
    library = await startLibrary();
  });
  afterAll(() => library.stop());

  // The first time interpreted, then compiled.
  const askTwice = async (query: string, variables: Record<string, unknown>) => [
    (await post(library.gateway.url, { query, variables })).body,
    (await post(library.gateway.url, { query, variables })).body,
  ];
  const expensive = { data: { book: { cost: 1310 } } };

  it('may have the name of the planner’s own, in requests for entities too', async () => {
    const query =
      'query($representations: Boolean, $representations_: ID!) { book(id: $representations_) { cost(express: $representations) } }';

    expect(await askTwice(query, { representations: true, representations_: 'm1' })).toEqual([
      expensive,
      expensive,
    ]);
  });

  it('is called by the client’s name when it does not fit', async () => {
    const query = 'query($representations: Boolean) { book(id: "m1") { cost(express: $representations) } }';

    const messages = (await askTwice(query, { representations: 'x' })).map(
      ({ errors }) => errors?.[0]?.message,
    );

    expect(messages).toEqual(
      [1, 2].map(() => expect.stringContaining('"$representations" got invalid value') as string),
    );
  });

  it('may have the name of what every object inherits', async () => {
    const query =
      'query($__proto__: ID!, $constructor: Boolean) { book(id: $__proto__) { cost(express: $constructor) } }';

    expect(await askTwice(query, named('{"__proto__":"m1","constructor":true}'))).toEqual([
      expensive,
      expensive,
    ]);
  });

  it('decides conditions whatever its name', async () => {
    const query =
      'query($representations: Boolean!) { book(id: "m1") { title @skip(if: $representations) cost @include(if: $representations) } }';

    expect(await askTwice(query, { representations: true })).toEqual(
      [1, 2].map(() => ({ data: { book: { cost: 310 } } })),
    );
  });
});
