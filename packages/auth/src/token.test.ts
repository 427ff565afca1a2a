import { createHmac, createSign } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { createStaticKeySet, type KeySet } from './key-set.ts';
import { generateSigningKey } from './signing-key.ts';
import { InvalidTokenError, signToken, verifyToken } from './token.ts';

const key = generateSigningKey();
const keys = createStaticKeySet([key.publicJwk]);
const kind = { type: 'at+jwt', issuer: 'https://issuer.example', audience: 'shop' };

const now = () => Math.floor(Date.now() / 1_000);
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token with header and claims of the test's choice, signed by the right key. */
function forge(header: Record<string, unknown>, claims: Record<string, unknown> = {}): string {
  const body = `${encode({ alg: 'ES256', typ: kind.type, kid: key.kid, ...header })}.${encode({
    iss: kind.issuer,
    aud: kind.audience,
    exp: now() + 60,
    iat: now(),
    sub: 'u1',
    ...claims,
  })}`;
  const signature = createSign('sha256')
    .update(body)
    .sign({ key: key.privateKey, dsaEncoding: 'ieee-p1363' });
  return `${body}.${signature.toString('base64url')}`;
}

async function reasonFor(token: string, keySet: KeySet = keys): Promise<string> {
  try {
    await verifyToken(token, kind, keySet);
    return 'accepted';
  } catch (error) {
    if (error instanceof InvalidTokenError) return error.reason;
    throw error;
  }
}

describe('verifyToken', () => {
  it('gives the claims of a token that was signed for this audience', async () => {
    const token = signToken(key, kind, { sub: 'u1', roles: ['ADMIN'] }, 60);

    const claims = await verifyToken(token, kind, keys);

    expect(claims).toMatchObject({ sub: 'u1', roles: ['ADMIN'], iss: kind.issuer, aud: kind.audience });
  });

  it('accepts the forge’s own token, so that what follows is refused for the reason told', async () => {
    expect(await reasonFor(forge({}))).toBe('accepted');
  });

  it('takes the type with and without `application/`, in any case', async () => {
    expect(await reasonFor(forge({ typ: 'application/AT+JWT' }))).toBe('accepted');
  });

  it('refuses a token of the algorithm none', async () => {
    const [, claims] = forge({}).split('.');
    const header = encode({ alg: 'none', typ: kind.type, kid: key.kid });

    expect(await reasonFor(`${header}.${claims}.`)).toBe('jwt signature is required');
  });

  it('refuses an HMAC that was made with the public key as its secret', async () => {
    const pem = (await keys.find(key.kid))!.export({ type: 'spki', format: 'pem' });
    const [, claims] = forge({}).split('.');
    const body = `${encode({ alg: 'HS256', typ: kind.type, kid: key.kid })}.${claims}`;
    const signature = createHmac('sha256', pem).update(body).digest('base64url');

    expect(await reasonFor(`${body}.${signature}`)).toBe('invalid algorithm');
  });

  it('refuses a token that another key signed under this key’s id', async () => {
    const stranger = { ...generateSigningKey(), kid: key.kid };

    expect(await reasonFor(signToken(stranger, kind, {}, 60))).toBe('invalid signature');
  });

  it('refuses claims that were changed after signing', async () => {
    const [header, , signature] = forge({}).split('.');
    const claims = encode({ iss: kind.issuer, aud: kind.audience, exp: now() + 60, sub: 'somebody else' });

    expect(await reasonFor(`${header}.${claims}.${signature}`)).toBe('invalid signature');
  });

  it.each([
    ['a type of another use', forge({ typ: 'gateway-identity+jwt' }), 'wrong typ'],
    ['no type', forge({ typ: undefined }), 'wrong typ'],
    ['a type that is no text', forge({ typ: 5 }), 'wrong typ'],
    ['no key id', forge({ kid: undefined }), 'no kid'],
    ['a key id that is no text', forge({ kid: { a: 1 } }), 'no kid'],
    ['a key id that nobody has', forge({ kid: 'unknown' }), 'unknown kid'],
    ['an extension that must be understood', forge({ crit: ['exp'] }), 'unknown crit'],
    ['another audience', forge({}, { aud: 'other' }), 'jwt audience invalid. expected: shop'],
    ['another issuer', forge({}, { iss: 'x' }), `jwt issuer invalid. expected: ${kind.issuer}`],
    ['no end', forge({}, { exp: undefined }), 'no exp'],
    ['an end that is no number', forge({}, { exp: 'later' }), 'invalid exp value'],
    ['an end in the past', forge({}, { exp: now() - 6 }), 'jwt expired'],
    ['a beginning in the future', forge({}, { nbf: now() + 60 }), 'jwt not active'],
    ['nothing inside', '', 'not a JWT'],
    ['no JSON inside', 'a.b.c', 'not a JWT'],
    ['a lone word', 'token', 'not a JWT'],
  ])('refuses a token with %s', async (_what, token, reason) => {
    expect(await reasonFor(token)).toBe(reason);
  });

  it('lets clocks differ by a few seconds', async () => {
    expect(await reasonFor(forge({}, { exp: now() - 2 }))).toBe('accepted');
  });

  it('tells a key set that cannot be reached from a token that is not valid', async () => {
    const unreachable: KeySet = { find: () => Promise.reject(new Error('unreachable')) };

    await expect(verifyToken(forge({}), kind, unreachable)).rejects.toThrow('unreachable');
  });

  it('never tells a caller why', async () => {
    await expect(verifyToken(forge({ kid: 'x' }), kind, keys)).rejects.toThrow('the token is not valid');
  });

  it('reads what other libraries sign', async () => {
    const token = jwt.sign({ sub: 'u1' }, key.privateKey, {
      algorithm: 'ES256',
      header: { alg: 'ES256', typ: 'at+jwt', kid: key.kid },
      issuer: kind.issuer,
      audience: [kind.audience, 'more'],
      expiresIn: 60,
    });

    expect((await verifyToken(token, kind, keys)).sub).toBe('u1');
  });
});
