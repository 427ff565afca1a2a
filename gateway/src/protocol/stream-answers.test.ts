import { createRecordingLogger, type RecordingLogger } from '../../../tests/support/recording-logger.ts';
import { startIssuer, type RunningIssuer } from '../testing/start-issuer.ts';
import { post, startLibrary, type RunningLibrary } from '../testing/start-library.ts';

const urql =
  'application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed';
const apolloClient = 'multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/json;q=0.9';

describe('a client that takes streams and JSON', () => {
  let recorder: RecordingLogger;
  let issuer: RunningIssuer;
  let library: RunningLibrary;

  beforeAll(async () => {
    recorder = createRecordingLogger();
    issuer = await startIssuer();
    library = await startLibrary({ tokens: issuer.rules, logger: recorder.logger });
  });
  afterAll(async () => {
    await library.stop();
    await issuer.stop();
  });

  /** How often the log says something of a request. */
  async function told(
    what: string,
    query: string,
    headers: Record<string, string>,
  ): Promise<{ status: number; times: number }> {
    const before = recorder.lines.length;
    const { status } = await post(library.gateway.url, { query }, headers);
    return { status, times: recorder.lines.slice(before).filter((line) => line.includes(what)).length };
  }

  describe.each([
    ['urql', urql],
    ['Apollo Client', apolloClient],
  ])('as %s', (_who, accept) => {
    it.each([
      ['{ nonsense }', 'GRAPHQL_VALIDATION_FAILED'],
      ['subscription { nonsense }', 'GRAPHQL_VALIDATION_FAILED'],
      ['{ subscription', 'GRAPHQL_PARSE_FAILED'],
    ])('is refused once: %s', async (query, code) => {
      expect((await told(code, query, { accept })).times).toBe(1);
    });

    it.each(['{ version }', 'subscription { reviewAdded { id } }'])(
      'has its token looked at once: %s',
      async (query) => {
        const headers = { accept, authorization: 'Bearer forged' };

        expect(await told('an access token was refused', query, headers)).toEqual({ status: 401, times: 1 });
      },
    );
  });

  it.each([
    [urql, 'application/graphql-response+json'],
    [apolloClient, 'application/json'],
    ['application/graphql-response+json, text/event-stream;q=0.5', 'application/graphql-response+json'],
    ['text/event-stream;q=0.5, application/json', 'application/json'],
  ])('is refused a subscription by the type that it likes best: %s', async (accept, type) => {
    const { status, headers } = await post(
      library.gateway.url,
      { query: 'subscription { nonsense }' },
      { accept },
    );

    expect([status, headers.get('content-type')]).toEqual([400, `${type}; charset=utf-8`]);
  });
});
