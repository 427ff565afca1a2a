import { afterEach, describe, expect, it } from '@jest/globals';
import { PasswordHasherBusyError } from '../application/password-hasher.ts';
import { createBcryptHasher, type BcryptHasherOptions } from './bcrypt-hasher.ts';

let hashers: ReturnType<typeof createBcryptHasher>[] = [];
afterEach(async () => {
  await Promise.all(hashers.map((hasher) => hasher.stop()));
  hashers = [];
});

function create(options: Partial<BcryptHasherOptions> = {}): ReturnType<typeof createBcryptHasher> {
  const hasher = createBcryptHasher({ cost: 4, threads: 1, waitingPerThread: 100, ...options });
  hashers.push(hasher);
  return hasher;
}

describe('the password hasher', () => {
  it('knows a password again, and no other', async () => {
    const { hash, matches } = create();
    const stored = await hash('correct horse 🐎');
    expect(stored).toMatch(/^\$2b\$04\$/);
    expect(await matches('correct horse 🐎', stored)).toBe(true);
    expect(await matches('correct horse', stored)).toBe(false);
  });

  it('does the same work for a wrong password, whatever its hash cost, as for an account that is not there', async () => {
    const cheap = await create({ cost: 4 }).hash('correct horse');
    const dear = await create({ cost: 7 }).hash('correct horse');
    const { matches, rounds } = create({ cost: 6, storedCosts: [4, 7] });
    const work: number[] = [];
    for (const hash of [undefined, cheap, dear, await create({ cost: 6 }).hash('correct horse')]) {
      const before = rounds();
      expect(await matches('wrong horse', hash)).toBe(false);
      work.push(rounds() - before);
    }
    expect(work).toEqual([128, 128, 128, 128]);
  });

  it('learns of a dearer hash when it meets one', async () => {
    const dear = await create({ cost: 6 }).hash('correct horse');
    const { matches, rounds } = create({ cost: 4 });
    await matches('wrong horse', dear);
    const before = rounds();
    await matches('wrong horse', undefined);
    expect(rounds() - before).toBe(64);
  });

  it('knows which hashes were made at another cost', async () => {
    const { hash, isOutdated } = create({ cost: 5 });
    expect(isOutdated(await hash('correct horse'))).toBe(false);
    expect(isOutdated(await create({ cost: 4 }).hash('correct horse'))).toBe(true);
    expect(isOutdated(await create({ cost: 6 }).hash('correct horse'))).toBe(true);
  });

  it('leaves the main thread free while it works', async () => {
    const { matches } = create({ cost: 10 });
    await matches('warm up', undefined);
    let done = false;
    let turns = 0;
    const work = matches('correct horse', undefined).then(() => (done = true));
    while (!done) {
      await new Promise((resolve) => setImmediate(resolve));
      turns++;
    }
    await work;
    // On the main thread bcryptjs would let go once in a tenth of a second, or not at all.
    expect(turns).toBeGreaterThan(100);
  });

  it('refuses what bcrypt would truncate', async () => {
    await expect(create().hash('x'.repeat(73))).rejects.toThrow('longer than bcrypt reads');
  });

  it('refuses work when too much is waiting, and takes it again afterwards', async () => {
    const { hash } = create({ waitingPerThread: 2 });
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => hash('correct horse')));
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused.length).toBeGreaterThanOrEqual(7);
    for (const { reason } of refused) expect(reason).toBeInstanceOf(PasswordHasherBusyError);
    expect(outcomes.length - refused.length).toBeGreaterThanOrEqual(2);
    await expect(hash('correct horse')).resolves.toMatch(/^\$2b/);
  });

  it('does not begin what waits for a caller that has gone', async () => {
    const { hash, rounds } = create();
    const callers = Array.from({ length: 50 }, () => new AbortController());
    const first = hash('correct horse');
    const waiting = Promise.allSettled(callers.map(({ signal }) => hash('correct horse', signal)));
    callers.forEach((caller) => caller.abort());

    expect(new Set((await waiting).map(({ status }) => status))).toEqual(new Set(['rejected']));
    await first;
    await hash('correct horse');
    expect(rounds()).toBe(2 * 16);
  });
});
