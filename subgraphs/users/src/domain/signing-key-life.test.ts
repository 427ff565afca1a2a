import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { propertyRuns } from '../../../../tests/support/property-parameters.ts';
import {
  isRotationDue,
  leadMs,
  overlapMs,
  planRotation,
  publishedKeysAt,
  signingKeyAt,
  type SigningKeyLife,
} from './signing-key-life.ts';

const minute = 60_000;
const day = 1_440 * minute;
const start = new Date('2026-06-01T00:00:00Z');
const at = (ms: number): Date => new Date(start.getTime() + ms);

/** The keys after rotations at the given moments. */
function rotatedAt(...moments: number[]): SigningKeyLife[] {
  return moments.reduce<SigningKeyLife[]>((keys, moment, index) => {
    const { activeFrom, predecessorsRetireAt } = planRotation(keys, at(moment));
    return [
      ...keys.map((key) => ({ ...key, retiresAt: key.retiresAt ?? predecessorsRetireAt })),
      { kid: `key-${index}`, activeFrom, retiresAt: null },
    ];
  }, []);
}

const kids = (keys: readonly SigningKeyLife[]): string[] => keys.map(({ kid }) => kid);

describe('the life of a signing key', () => {
  it('begins at once for the very first', () => {
    expect(signingKeyAt(rotatedAt(0), start)?.kid).toBe('key-0');
  });

  it('is published before it signs', () => {
    const keys = rotatedAt(0, 30 * day);
    const rotation = 30 * day;
    expect(kids(publishedKeysAt(keys, at(rotation)))).toEqual(['key-0', 'key-1']);
    expect(signingKeyAt(keys, at(rotation + leadMs - 1))?.kid).toBe('key-0');
    expect(signingKeyAt(keys, at(rotation + leadMs))?.kid).toBe('key-1');
  });

  it('does not sign while a verifier may still hold a key set without it, which is ten minutes', () => {
    const rotation = 30 * day;
    expect(signingKeyAt(rotatedAt(0, rotation), at(rotation + 10 * minute))?.kid).toBe('key-0');
  });

  it('ends some time after its successor signs', () => {
    const keys = rotatedAt(0, 30 * day);
    const end = 30 * day + leadMs + overlapMs;
    expect(kids(publishedKeysAt(keys, at(end - 1)))).toEqual(['key-0', 'key-1']);
    expect(kids(publishedKeysAt(keys, at(end)))).toEqual(['key-1']);
  });

  it('is to be followed by another when it is old, and not while its successor waits', () => {
    const maxAge = 30 * day;
    expect(isRotationDue([], start, maxAge)).toBe(true);
    expect(isRotationDue(rotatedAt(0), at(maxAge - 1), maxAge)).toBe(false);
    expect(isRotationDue(rotatedAt(0), at(maxAge), maxAge)).toBe(true);
    expect(isRotationDue(rotatedAt(0, maxAge), at(maxAge), maxAge)).toBe(false);
  });

  it('is that of the last of several rotations at one moment, which is published the longest', () => {
    expect(signingKeyAt(rotatedAt(0, 0, 0), at(leadMs))?.kid).toBe('key-2');
  });

  it('covers every token that it signed, however often keys are rotated', () => {
    const tokenLifetime = 15 * minute;
    const moments = fc
      .array(fc.integer({ min: 0, max: 5 * 60 * minute }), { minLength: 1, maxLength: 8 })
      .map((gaps) => gaps.map((_, index) => gaps.slice(1, index + 1).reduce((sum, gap) => sum + gap, 0)));
    fc.assert(
      fc.property(moments, fc.nat(50 * 60 * minute), fc.nat(tokenLifetime), (rotations, signedAt, age) => {
        // Only what was known at the moment can have signed.
        const known = rotatedAt(...rotations.filter((moment) => moment <= signedAt));
        const signer = signingKeyAt(known, at(signedAt));
        const verifiedAt = signedAt + age;
        const later = rotatedAt(...rotations.filter((moment) => moment <= verifiedAt));
        expect(kids(publishedKeysAt(later, at(verifiedAt)))).toContain(signer?.kid);
      }),
      { numRuns: propertyRuns(2_000), examples: [[[0, 0, 0], 4_102_579, 397_421]] },
    );
  });
});
