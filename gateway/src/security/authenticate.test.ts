import { createRecordingLogger } from '../../../tests/support/recording-logger.ts';
import { startIssuer, type RunningIssuer } from '../testing/start-issuer.ts';
import { createAuthenticate } from './authenticate.ts';

describe('access tokens', () => {
  let issuer: RunningIssuer;

  beforeAll(async () => void (issuer = await startIssuer()));
  afterAll(() => issuer.stop());

  it('end for streams when they do for requests: 5 s after they say, as clocks differ', async () => {
    const { logger } = createRecordingLogger();
    const authenticate = createAuthenticate(issuer.rules, logger);

    const before = Math.floor(Date.now() / 1_000);
    const { identityExpiresAt } = await authenticate(
      `Bearer ${issuer.token({ sub: 'ada' }, { lifetimeSeconds: -2 })}`,
    );
    const after = Math.floor(Date.now() / 1_000);

    expect(identityExpiresAt).toBeGreaterThanOrEqual((before + 3) * 1_000);
    expect(identityExpiresAt).toBeLessThanOrEqual((after + 3) * 1_000);
  });
});
