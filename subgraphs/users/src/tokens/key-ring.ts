import { importSigningKey, type PublicJwk, type SigningKey } from '@trellis/auth';
import type { SigningKeyStore, StoredSigningKey } from '../application/signing-key-store.ts';
import {
  isRotationDue,
  publishedKeysAt,
  signingKeyAt,
  type SigningKeyLife,
} from '../domain/signing-key-life.ts';
import type { KeyCipher } from './key-cipher.ts';
import { rotateSigningKeys } from './rotate-signing-keys.ts';

/** The signing keys as this replica knows them. */
export interface KeyRing {
  /** The key to sign with now. */
  signingKey(): SigningKey;
  /** The keys that verifiers are to know now. */
  publicKeys(): PublicJwk[];
  /** Looks what other replicas did, and makes a new key when one is due. Run it far more often than a key's lead time. */
  refresh(): Promise<void>;
  /** Makes a new key, due or not. */
  rotate(): Promise<SigningKeyLife>;
}

export interface KeyRingOptions {
  readonly store: SigningKeyStore;
  readonly cipher: KeyCipher;
  /** From which age on a key gets a successor. */
  readonly maxAgeMs: number;
  readonly now: () => Date;
}

/**
 * Reads the keys, making the first one where there is none.
 * @throws Error when they cannot be decrypted.
 */
export async function createKeyRing(options: KeyRingOptions): Promise<KeyRing> {
  const { store, cipher, maxAgeMs, now } = options;
  let keys: readonly StoredSigningKey[] = [];
  const opened = new Map<string, SigningKey>();

  function open({ kid, sealedPrivateKey }: StoredSigningKey): SigningKey {
    const key = opened.get(kid) ?? importSigningKey(cipher.open(sealedPrivateKey, kid));
    opened.set(kid, key);
    return key;
  }

  /** Opened before they are taken over: one that does not open leaves the ring as it was, and is told now, not at a login. */
  function take(current: readonly StoredSigningKey[]): void {
    current.filter(({ retiresAt }) => retiresAt === null).forEach(open);
    keys = current;
    for (const kid of opened.keys()) if (!keys.some((key) => key.kid === kid)) opened.delete(kid);
  }

  const ring: KeyRing = {
    signingKey() {
      const key = signingKeyAt(keys, now());
      if (key === undefined) throw new Error('there is no signing key');
      return open(key);
    },
    publicKeys: () => publishedKeysAt(keys, now()).map(({ publicJwk }) => publicJwk),
    async refresh() {
      const isDue = (known: readonly StoredSigningKey[]): boolean => isRotationDue(known, now(), maxAgeMs);
      await store.deleteRetired(now());
      const known = await store.list();
      take(isDue(known) ? await rotateSigningKeys(store, cipher, now(), isDue) : known);
    },
    async rotate() {
      take(await rotateSigningKeys(store, cipher, now()));
      const youngest = keys.find(({ retiresAt }) => retiresAt === null);
      if (youngest === undefined) throw new Error('a rotation left no key');
      return youngest;
    },
  };
  await ring.refresh();
  return ring;
}
