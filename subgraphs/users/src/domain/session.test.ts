import { describe, expect, it } from '@jest/globals';
import { redeem } from './session.ts';

const now = new Date('2026-06-01T12:00:00Z');
const later = new Date('2026-06-01T12:00:01Z');
const earlier = new Date('2026-06-01T11:59:59Z');

describe('redeeming a refresh token', () => {
  it('exchanges one that is good', () => {
    expect(redeem({ hash: 'h', expiresAt: later, spentAt: null }, now)).toEqual({ kind: 'exchange' });
  });

  it.each([earlier, now])('refuses one that ended at %s', (expiresAt) => {
    expect(redeem({ hash: 'h', expiresAt, spentAt: null }, now)).toEqual({ kind: 'refuse' });
  });

  it.each([later, earlier])(
    'ends the family of one that was spent, whether or not it has ended (%s)',
    (expiresAt) => {
      expect(redeem({ hash: 'h', expiresAt, spentAt: earlier }, now)).toEqual({ kind: 'end-family' });
    },
  );
});
