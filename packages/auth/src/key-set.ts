import { createPublicKey, type KeyObject } from 'node:crypto';
import type { PublicJwk } from './signing-key.ts';

/** Public keys by id. */
export interface KeySet {
  /** @returns the key, or undefined when the set has none of this id. @throws when the set cannot be reached. */
  find(kid: string): Promise<KeyObject | undefined>;
}

/** A set that is known at start. */
export function createStaticKeySet(keys: readonly PublicJwk[]): KeySet {
  const byId = new Map(keys.map((jwk) => [jwk.kid, createPublicKey({ key: jwk, format: 'jwk' })]));
  return { find: async (kid) => byId.get(kid) };
}
