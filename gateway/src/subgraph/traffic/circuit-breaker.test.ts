import { jest } from '@jest/globals';
import { createCircuit, type Circuit, type CircuitPosition } from './circuit-breaker.ts';
import { SubrequestFailure } from '../subrequest-failure.ts';

describe('a circuit', () => {
  let circuit: Circuit;
  let positions: CircuitPosition[];
  let sent: number;

  beforeEach(() => {
    jest.useFakeTimers({ now: 0 });
    positions = [];
    sent = 0;
    circuit = createCircuit(
      { failureRatio: 0.5, minimumRequests: 10, windowMs: 10_000, openMs: 5_000 },
      (position) => positions.push(position),
    );
  });
  afterEach(() => jest.useRealTimers());

  const timeout = new SubrequestFailure('SUBREQUEST_TIMEOUT', '');
  const failWith = async (error: unknown): Promise<void> => {
    const run = circuit.run(async () => {
      sent += 1;
      throw error;
    });
    await run.catch(() => {});
  };
  const succeed = () => circuit.run(async () => (sent += 1));
  const repeat = async (times: number, what: () => Promise<unknown>): Promise<void> => {
    for (let time = 0; time < times; time++) await what();
  };
  const code = 'SUBREQUEST_CIRCUIT_OPEN';

  it('opens when more than the share of requests has failed, and sends nothing then', async () => {
    await repeat(5, succeed);
    await repeat(5, () => failWith(timeout));
    expect(circuit.position()).toBe('closed');

    await failWith(timeout);

    expect(circuit.position()).toBe('open');
    await expect(succeed()).rejects.toMatchObject({ code });
    expect(sent).toBe(11);
  });

  it('concludes nothing from few requests', async () => {
    await repeat(9, () => failWith(timeout));

    expect(circuit.position()).toBe('closed');
  });

  it('forgets what lies further back than its window, however few requests came since', async () => {
    for (let minute = 0; minute < 30; minute++) {
      await failWith(timeout);
      jest.advanceTimersByTime(60_000);
    }

    expect(circuit.position()).toBe('closed');
  });

  it('counts what lies within its window', async () => {
    for (let second = 0; second < 10; second++) {
      expect(circuit.position()).toBe('closed');
      await failWith(timeout);
      jest.advanceTimersByTime(999);
    }

    expect(circuit.position()).toBe('open');
  });

  it('begins anew after the trial that closes it', async () => {
    await repeat(10, () => failWith(timeout));
    jest.advanceTimersByTime(5_000);
    await succeed();

    await repeat(8, () => failWith(timeout));
    expect(circuit.position()).toBe('closed');
    await failWith(timeout);

    expect(circuit.position()).toBe('open');
  });

  it.each([
    ['open', 'a status of 500', new SubrequestFailure('SUBREQUEST_HTTP_ERROR', '', { status: 500 })],
    ['open', 'a connection refused', new SubrequestFailure('SUBREQUEST_HTTP_ERROR', '')],
    ['closed', 'a status of 404', new SubrequestFailure('SUBREQUEST_HTTP_ERROR', '', { status: 404 })],
    ['closed', 'too large a response', new SubrequestFailure('SUBREQUEST_RESPONSE_TOO_LARGE', '')],
    [
      'closed',
      'an operation that had hardly any time left',
      new SubrequestFailure('OPERATION_TIMEOUT', '', { silentMs: 999 }),
    ],
    [
      'open',
      'a silence of a second, after which the operation had no more time',
      new SubrequestFailure('OPERATION_TIMEOUT', '', { silentMs: 1_000 }),
    ],
    ['closed', 'a client that left', new Error('left')],
  ] as const)('is %s after %s', async (position, _what, error) => {
    await repeat(20, () => failWith(error));

    expect(circuit.position()).toBe(position);
  });

  it('sends one request after a while, and closes when that is answered', async () => {
    await repeat(10, () => failWith(timeout));
    jest.setSystemTime(4_999);
    await expect(succeed()).rejects.toMatchObject({ code });

    jest.setSystemTime(5_000);
    let answer = (): void => {};
    const trial = circuit.run(() => new Promise<void>((resolve) => (answer = resolve)));
    expect(circuit.position()).toBe('half-open');
    await expect(succeed()).rejects.toMatchObject({ code });
    answer();
    await trial;

    await succeed();
    expect(positions).toEqual(['open', 'half-open', 'closed']);
  });

  it.each([
    ['fails', timeout],
    ['is left by its client', new Error('left')],
  ])('stays open when that one %s', async (_what, error) => {
    await repeat(10, () => failWith(timeout));
    jest.setSystemTime(5_000);

    await failWith(error);

    expect(circuit.position()).toBe('open');
    jest.setSystemTime(9_999);
    await expect(succeed()).rejects.toMatchObject({ code });
  });
});
