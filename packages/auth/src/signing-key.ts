import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto';

/** The one algorithm that the platform signs with: ECDSA on P-256 with SHA-256 (RFC 7518, section 3.4). */
export const signingAlgorithm = 'ES256';

/** A public key as a key set publishes it (RFC 7517). */
export interface PublicJwk extends JsonWebKey {
  readonly kid: string;
  readonly alg: typeof signingAlgorithm;
  readonly use: 'sig';
}

/** A private key with the id that its tokens name it by. */
export interface SigningKey {
  /** The key's thumbprint (RFC 7638), so that equal keys have equal ids in every process. */
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicJwk: PublicJwk;
}

/** Makes a new key. Store it with {@link exportSigningKey}. */
export function generateSigningKey(): SigningKey {
  return signingKeyFrom(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
}

/** The key as PEM (PKCS #8, unencrypted): keep it where secrets are kept. */
export function exportSigningKey(key: SigningKey): string {
  return key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/**
 * Reads a key back.
 * @param pem PKCS #8; `\n` written as two characters is accepted, because environment files have it so.
 * @throws Error when it is not a private key on P-256.
 */
export function importSigningKey(pem: string): SigningKey {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem.replaceAll('\\n', '\n'));
  } catch {
    throw new Error('the signing key is not a private key in PEM (PKCS #8)');
  }
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    throw new Error('the signing key is not on the curve P-256');
  }
  return signingKeyFrom(key);
}

function signingKeyFrom(privateKey: KeyObject): SigningKey {
  const { crv, kty, x, y } = createPublicKey(privateKey).export({ format: 'jwk' });
  // RFC 7638, section 3.2: the required members, in lexicographic order, without white space.
  const kid = createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
  return {
    kid,
    privateKey,
    publicJwk: { kty, crv, x, y, kid, alg: signingAlgorithm, use: 'sig' } as PublicJwk,
  };
}
