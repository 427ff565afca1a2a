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

  it('that are refused have their reason in the log, at info once a minute', async () => {
    const { logger, lines } = createRecordingLogger();
    let time = 0;
    const authenticate = createAuthenticate(issuer.rules, logger, () => time);
    const refused = async (type: string, claims: Record<string, unknown> = { sub: 'ada' }): Promise<void> => {
      const authorization = `Bearer ${issuer.token(claims, { type })}`;
      await expect(authenticate(authorization)).rejects.toThrow('The access token is not valid.');
    };

    await refused('JWT');
    await refused('JWT');
    await refused('at+jwt', {});
    time = 60_000;
    await refused('JWT');

    const told = lines.map((line) => JSON.parse(line) as { level: number; reason: string; msg: string });
    expect(told.map(({ level, reason }) => [level, reason])).toEqual([
      [30, 'wrong typ'],
      [20, 'wrong typ'],
      [30, 'no sub'],
      [30, 'wrong typ'],
    ]);
    expect(new Set(told.map(({ msg }) => msg))).toEqual(new Set(['an access token was refused']));
  });
});
