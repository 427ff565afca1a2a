import { randomBytes } from 'node:crypto';
import { encodeBase64 } from 'bcryptjs';

/**
 * A bcrypt hash of the given cost that was made of no password. Comparing with it is as much work as with a real one, where
 * bcrypt would refuse anything malformed at once.
 */
export function unmatchableHash(cost: number): string {
  const salt = encodeBase64(randomBytes(16), 16);
  const digest = encodeBase64(randomBytes(23), 23);
  return `$2b$${String(cost).padStart(2, '0')}$${salt}${digest}`;
}
