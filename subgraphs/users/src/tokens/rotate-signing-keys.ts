import { exportSigningKey, generateSigningKey } from '@trellis/auth';
import type { SigningKeyStore, StoredSigningKey } from '../application/signing-key-store.ts';
import { planRotation } from '../domain/signing-key-life.ts';
import type { KeyCipher } from './key-cipher.ts';

/**
 * Makes a new signing key and schedules the retirement of those before it.
 * @param isWanted is asked while no other replica can add a key: of several that want to rotate at once, one does.
 * @returns the keys as they are now.
 */
export function rotateSigningKeys(
  store: SigningKeyStore,
  cipher: KeyCipher,
  now: Date,
  isWanted: (keys: readonly StoredSigningKey[]) => boolean = () => true,
): Promise<StoredSigningKey[]> {
  return store.succeed((keys) => {
    if (!isWanted(keys)) return undefined;
    const { activeFrom, predecessorsRetireAt } = planRotation(keys, now);
    const key = generateSigningKey();
    const { kid, publicJwk } = key;
    const sealedPrivateKey = cipher.seal(exportSigningKey(key), kid);
    return {
      key: { kid, publicJwk, sealedPrivateKey, createdAt: now, activeFrom, retiresAt: null },
      predecessorsRetireAt,
    };
  });
}
