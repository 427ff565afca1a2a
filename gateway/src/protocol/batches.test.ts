import { startLibrary, type RunningLibrary } from '../testing/start-library.ts';

describe('a list of operations in one request', () => {
  let [closed, open]: RunningLibrary[] = [];

  beforeAll(async () => {
    [closed, open] = await Promise.all([startLibrary(), startLibrary({ batchLimit: 2 })]);
  });
  afterAll(() => Promise.all([closed!.stop(), open!.stop()]));

  const send = async (library: RunningLibrary, operations: object[]): Promise<[number, unknown]> => {
    const response = await fetch(`${library.gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(operations),
    });
    return [response.status, await response.json()];
  };
  const codes = (code: string) => ({ errors: [{ extensions: { code } }] });
  const operation = { query: '{ version }' };

  it('is refused where it is not allowed', async () => {
    expect(await send(closed!, [operation])).toMatchObject([400, codes('BATCHING_NOT_ENABLED')]);
  });

  it('is answered one by one where it is allowed', async () => {
    expect(await send(open!, [operation, { query: '{ me { name } nothing }' }])).toMatchObject([
      400,
      [{ data: { version: '1' } }, codes('GRAPHQL_VALIDATION_FAILED')],
    ]);
    expect(await send(open!, [operation, operation])).toEqual([
      200,
      [{ data: { version: '1' } }, { data: { version: '1' } }],
    ]);
  });

  it('holds no more than it may, and at least one', async () => {
    expect(await send(open!, [operation, operation, operation])).toMatchObject([
      400,
      codes('BATCH_LIMIT_EXCEEDED'),
    ]);
    expect(await send(open!, [])).toMatchObject([400, codes('BAD_REQUEST')]);
  });
});
