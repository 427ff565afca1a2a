import { ApolloServer } from '@apollo/server';
import { ApolloGateway } from '@apollo/gateway';
import { startStandaloneServer } from '@apollo/server/standalone';
import { auditServer, type AuditResult } from 'graphql-http';
import { startLibrary, type RunningLibrary } from '../../gateway/src/testing/start-library.ts';

/** The audits of GraphQL over HTTP that an endpoint does not pass, by how much they matter. */
async function failedAudits(url: string): Promise<{ errors: string[]; warnings: string[] }> {
  const failed = { errors: [] as string[], warnings: [] as string[] };
  const tell = ({ status, id, name, reason }: Extract<AuditResult, { reason: string }>): void =>
    void (status === 'error' ? failed.errors : failed.warnings).push(`${id} ${name}: ${reason}`);
  for (const result of await auditServer({ url })) {
    if (result.status === 'ok') continue;
    // Where a body was not read, the connection stays in use.
    await result.response.body?.cancel().catch(() => {});
    if (result.status === 'error' || result.status === 'warn') tell(result);
  }
  return failed;
}

describe('GraphQL over HTTP, by the audits of graphql-http', () => {
  let library: RunningLibrary;

  beforeAll(async () => {
    library = await startLibrary();
  });
  afterAll(() => library.stop());

  it('is spoken without an error, and with no more warnings than Apollo’s own gateway has', async () => {
    const quiet = { debug() {}, info() {}, warn() {}, error() {} };
    const stock = new ApolloServer({
      gateway: new ApolloGateway({ supergraphSdl: library.supergraphSdl, logger: quiet }),
      logger: quiet,
    });
    const { url } = await startStandaloneServer(stock, { listen: { port: 0, host: '127.0.0.1' } });
    try {
      const theirs = await failedAudits(url);
      const ours = await failedAudits(`${library.gateway.url}/graphql`);

      expect(ours.errors).toEqual([]);
      expect(ours.warnings.length).toBeLessThanOrEqual(theirs.warnings.length);
      expect(ours.warnings.length).toBeLessThanOrEqual(3);
    } finally {
      await stock.stop();
    }
  });
});
