import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** Encrypts private keys for storage, so that a copy of the database signs nothing. */
export interface KeyCipher {
  /** @param kid the key's id: what is sealed for one id opens for no other. */
  seal(privateKeyPem: string, kid: string): string;
  /** @throws Error that says what to do, when it was sealed under another encryption key or changed since. */
  open(sealed: string, kid: string): string;
}

const algorithm = 'aes-256-gcm';

/**
 * AES-256 in GCM (NIST SP 800-38D) with a random nonce for each key.
 * @param encryptionKey 32 bytes.
 */
export function createKeyCipher(encryptionKey: Buffer): KeyCipher {
  return {
    seal(privateKeyPem, kid) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv(algorithm, encryptionKey, nonce).setAAD(Buffer.from(kid));
      const ciphertext = Buffer.concat([cipher.update(privateKeyPem, 'utf8'), cipher.final()]);
      return [nonce, cipher.getAuthTag(), ciphertext].map((part) => part.toString('base64url')).join('.');
    },
    open(sealed, kid) {
      const [nonce, tag, ciphertext] = sealed.split('.').map((part) => Buffer.from(part, 'base64url'));
      try {
        if (nonce === undefined || tag === undefined || ciphertext === undefined)
          throw new Error('three parts');
        const decipher = createDecipheriv(algorithm, encryptionKey, nonce, { authTagLength: 16 });
        decipher.setAAD(Buffer.from(kid)).setAuthTag(tag);
        return Buffer.concat([decipher.update(ciphertext), decipher.final()]).toString('utf8');
      } catch (error) {
        throw new Error(
          `the signing key ${kid} cannot be decrypted: set USERS_KEY_ENCRYPTION_KEY to the value that it was stored under`,
          { cause: error },
        );
      }
    },
  };
}
