import { generateKeyPairSync } from 'node:crypto';
import { exportSigningKey, generateSigningKey, importSigningKey } from './signing-key.ts';

describe('a signing key', () => {
  it('is the same, with the same id, after export and import', () => {
    const key = generateSigningKey();

    expect(importSigningKey(exportSigningKey(key)).publicJwk).toEqual(key.publicJwk);
  });

  it('may have its line ends written as in an environment file', () => {
    const key = generateSigningKey();

    expect(importSigningKey(exportSigningKey(key).replaceAll('\n', '\\n')).kid).toBe(key.kid);
  });

  it('publishes nothing private', () => {
    expect(Object.keys(generateSigningKey().publicJwk).sort()).toEqual([
      'alg',
      'crv',
      'kid',
      'kty',
      'use',
      'x',
      'y',
    ]);
  });

  it.each([
    ['no key', 'secret', 'not a private key in PEM'],
    [
      'a key of another kind',
      generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      'not on the curve P-256',
    ],
    [
      'a key on another curve',
      generateKeyPairSync('ec', { namedCurve: 'P-384' })
        .privateKey.export({ type: 'pkcs8', format: 'pem' })
        .toString(),
      'not on the curve P-256',
    ],
  ])('refuses %s', (_what, pem, message) => {
    expect(() => importSigningKey(pem)).toThrow(message);
  });
});
