import { createIdentitySigner, createIdentityVerifier, identityFromClaims } from './gateway-identity.ts';
import { anonymous, type Identity } from './identity.ts';
import { createStaticKeySet } from './key-set.ts';
import { generateSigningKey } from './signing-key.ts';
import { InvalidTokenError, signToken } from './token.ts';

const key = generateSigningKey();
const keys = createStaticKeySet([key.publicJwk]);
const ada: Identity = { kind: 'user', userId: 'ada', roles: ['CUSTOMER'], sessionId: 's1' };

describe('the identity that the gateway tells a subgraph', () => {
  it.each<Identity>([ada, { kind: 'user', userId: 'bob', roles: [] }, anonymous])(
    'arrives as it was sent: %j',
    async (identity) => {
      const token = createIdentitySigner(key).sign(identity, 'orders');

      expect(await createIdentityVerifier(keys, 'orders').verify(token)).toEqual(identity);
    },
  );

  it('is refused by another subgraph', async () => {
    const token = createIdentitySigner(key).sign(ada, 'products');

    await expect(createIdentityVerifier(keys, 'orders').verify(token)).rejects.toThrow(InvalidTokenError);
  });

  it('is refused when it is missing', async () => {
    await expect(createIdentityVerifier(keys, 'orders').verify(undefined)).rejects.toThrow(InvalidTokenError);
  });

  it('is refused when another key signed it', async () => {
    const token = createIdentitySigner(generateSigningKey()).sign(ada, 'orders');

    await expect(createIdentityVerifier(keys, 'orders').verify(token)).rejects.toThrow(InvalidTokenError);
  });

  it('cannot be an access token, even of the same key and audience', async () => {
    const token = signToken(
      key,
      { type: 'at+jwt', issuer: 'trellis-gateway', audience: 'orders' },
      { sub: 'ada' },
      60,
    );

    await expect(createIdentityVerifier(keys, 'orders').verify(token)).rejects.toThrow(InvalidTokenError);
  });

  it('is signed once and used again for a while', () => {
    let now = Date.now();
    const signer = createIdentitySigner(key, () => now);
    const first = signer.sign(ada, 'orders');

    now += 19_000;
    expect(signer.sign(ada, 'orders')).toBe(first);
    now += 2_000;
    expect(signer.sign(ada, 'orders')).not.toBe(first);
  });

  it('is never that of another caller or subgraph', () => {
    const signer = createIdentitySigner(key);
    const tokens = [
      signer.sign(ada, 'orders'),
      signer.sign(ada, 'users'),
      signer.sign({ ...ada, roles: ['ADMIN'] }, 'orders'),
      signer.sign({ ...ada, sessionId: 's2' }, 'orders'),
      signer.sign(anonymous, 'orders'),
    ];

    expect(new Set(tokens).size).toBe(tokens.length);
  });
});

describe('identityFromClaims', () => {
  it('drops what is not text from the roles', () => {
    expect(identityFromClaims({ sub: 'ada', roles: ['ADMIN', 1, null] })).toEqual({
      kind: 'user',
      userId: 'ada',
      roles: ['ADMIN'],
    });
  });

  it.each([{}, { sub: '' }, { sub: 5 }])('knows nobody in %j', (claims) => {
    expect(identityFromClaims(claims)).toEqual(anonymous);
  });
});
