import { describe, expect, it } from '@jest/globals';
import bcrypt from 'bcryptjs';
import { unmatchableHash } from './unmatchable-hash.ts';

describe('a hash that no password matches', () => {
  it.each([4, 12])('is a bcrypt hash of cost %i', (cost) => {
    const hash = unmatchableHash(cost);
    expect(hash).toMatch(/^\$2b\$\d\d\$[./A-Za-z0-9]{53}$/);
    expect(bcrypt.getRounds(hash)).toBe(cost);
  });

  it('can be compared with, to no avail', () => {
    expect(bcrypt.compareSync('', unmatchableHash(4))).toBe(false);
  });
});
