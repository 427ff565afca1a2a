import { anonymous } from '@trellis/auth';
import { rememberVerified } from './verified-tokens.ts';
import type { Authenticated } from './authenticate.ts';

describe('verified tokens', () => {
  const startAt = 1_000_000;
  const setUp = (answer: (authorization: string | undefined) => Authenticated) => {
    const clock = { now: startAt };
    const checked: (string | undefined)[] = [];
    const authenticate = rememberVerified(
      async (authorization) => {
        checked.push(authorization);
        return answer(authorization);
      },
      () => clock.now,
    );
    return { clock, checked, authenticate };
  };
  const user = (identityExpiresAt: number): Authenticated => ({
    identity: { kind: 'user', userId: 'ada', roles: [], sessionId: 's' },
    identityExpiresAt,
  });

  it('are checked once', async () => {
    const { checked, authenticate } = setUp(() => user(startAt + 30_000));

    expect([await authenticate('Bearer a'), await authenticate('Bearer a')]).toEqual([
      user(startAt + 30_000),
      user(startAt + 30_000),
    ]);
    await authenticate('Bearer b');
    expect(checked).toEqual(['Bearer a', 'Bearer b']);
  });

  it.each([
    ['when they have ended', 30_000, 30_000],
    ['after a minute', 3_600_000, 60_000],
  ])('are checked again %s', async (_when, lifetime, later) => {
    const { clock, checked, authenticate } = setUp(() => user(startAt + lifetime));
    await authenticate('Bearer a');
    clock.now = startAt + later - 1;
    await authenticate('Bearer a');
    clock.now = startAt + later;
    await authenticate('Bearer a');

    expect(checked).toHaveLength(2);
  });

  it('are forgotten when there are too many', async () => {
    const { checked, authenticate } = setUp(() => user(startAt + 30_000));
    for (let index = 0; index <= 4_096; index++) await authenticate(`Bearer ${index}`);
    checked.length = 0;
    await authenticate('Bearer 4096');
    await authenticate('Bearer 0');

    expect(checked).toEqual(['Bearer 0']);
  });

  it('do not include refused ones or callers without any', async () => {
    const { checked, authenticate } = setUp((authorization) => {
      if (authorization !== undefined) throw new Error('refused');
      return { identity: anonymous };
    });
    for (const authorization of ['Bearer x', 'Bearer x']) {
      await expect(authenticate(authorization)).rejects.toThrow('refused');
    }
    await authenticate(undefined);
    await authenticate(undefined);

    expect(checked).toHaveLength(4);
  });
});
