import type { PublicJwk } from '@trellis/auth';
import type { SigningKeyLife } from '../domain/signing-key-life.ts';

/** A signing key as it is kept. */
export interface StoredSigningKey extends SigningKeyLife {
  readonly publicJwk: PublicJwk;
  /** Sealed by the key cipher; only who has the encryption key can sign. */
  readonly sealedPrivateKey: string;
  readonly createdAt: Date;
}

/** A key that is to be added, and when those before it leave the set. */
interface KeySuccession {
  readonly key: StoredSigningKey;
  readonly predecessorsRetireAt: Date;
}

/** Where signing keys are kept, for all replicas. */
export interface SigningKeyStore {
  list(): Promise<StoredSigningKey[]>;
  /**
   * Adds a key if `decide`, which is shown the keys that there are, gives one. One replica at a time: the next one sees what this one added.
   * @returns the keys as they are now.
   */
  succeed(
    decide: (keys: readonly StoredSigningKey[]) => KeySuccession | undefined,
  ): Promise<StoredSigningKey[]>;
  /** Forgets keys that retired before `before`. */
  deleteRetired(before: Date): Promise<void>;
}
