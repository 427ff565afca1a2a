import { startLibrary, type RunningLibrary } from '../testing/start-library.ts';

describe('a request that nests too deeply', () => {
  let library: RunningLibrary;

  beforeAll(async () => {
    library = await startLibrary({ shareExecutions: true });
  });
  afterAll(() => library.stop());

  it.each([
    ['that overflows the planner', `{ ${'... {'.repeat(2_500)} version ${'}'.repeat(2_500)} }`],
    ['that overflows the validation', `{ ${'me { manager {'.repeat(1_500)} name ${'}}'.repeat(1_500)} }`],
    ['that overflows the parser', `{ ${'... {'.repeat(6_500)} version ${'}'.repeat(6_500)} }`],
    ['of values that overflow it', `{ person(id: ${'['.repeat(9_000)}${']'.repeat(9_000)}) { name } }`],
  ])('is refused when it is a document %s', async (_what, query) => {
    const send = async (accept: string) => {
      const response = await fetch(`${library.gateway.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept },
        body: JSON.stringify({ query }),
      });
      return { status: response.status, text: await response.text() };
    };
    const [plain, streamed] = [await send('application/json'), await send('text/event-stream')];

    expect(plain.status).toBe(400);
    for (const { text } of [plain, streamed]) {
      expect(text).toContain('"OPERATION_TOO_LARGE"');
      expect(text).toContain('too deeply nested');
    }
  });

  it.each([
    [
      'that is used',
      'query ($v: EchoInput!) { echo(input: $v) }',
      `${'{"nested":'.repeat(5_000)}{}${'}'.repeat(5_000)}`,
    ],
    ['that is not used', '{ version }', `${'['.repeat(20_000)}${']'.repeat(20_000)}`],
  ])('is refused when it is a variable %s', async (_what, query, value) => {
    const send = (v: string) =>
      fetch(`${library.gateway.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: `{"query":${JSON.stringify(query)},"variables":{"v":${v}}}`,
      });
    // Before it is known, and when it is.
    const first = await send(value);
    await send('{}');
    const second = await send(value);

    for (const refused of [first, second]) {
      expect(refused.status).toBe(400);
      expect(await refused.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
    }
  });
});
