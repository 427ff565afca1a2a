import { afterEach, describe, expect, it } from '@jest/globals';
import { PasswordHasherBusyError } from '../application/password-hasher.ts';
import { createBcryptHasher, type BcryptHasherOptions } from './bcrypt-hasher.ts';

let hasher: ReturnType<typeof createBcryptHasher> | undefined;
afterEach(() => hasher?.stop());

const create = (options: Partial<BcryptHasherOptions> = {}): ReturnType<typeof createBcryptHasher> =>
  (hasher = createBcryptHasher({ cost: 4, threads: 1, waitingPerThread: 100, ...options }));

describe('the password hasher', () => {
  it('knows a password again, and no other', async () => {
    const { hash, matches } = create();
    const stored = await hash('correct horse 🐎');
    expect(stored).toMatch(/^\$2b\$04\$/);
    expect(await matches('correct horse 🐎', stored)).toBe(true);
    expect(await matches('correct horse', stored)).toBe(false);
  });

  it('does the same work for an account that is not there, and says no', async () => {
    const { matches, completed } = create();
    expect(await matches('correct horse', undefined)).toBe(false);
    expect(completed()).toBe(1);
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
});
