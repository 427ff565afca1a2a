import jwt from 'jsonwebtoken';
import type { KeySet } from './key-set.ts';
import { signingAlgorithm, type SigningKey } from './signing-key.ts';

/** Claims of a token that was verified. */
export type Claims = Readonly<Record<string, unknown>> & {
  readonly iss: string;
  readonly exp: number;
  readonly iat: number;
  readonly sub?: string;
};

/** A token is not to be believed. `reason` is for logs; the caller is told no more than that it is not valid. */
export class InvalidTokenError extends Error {
  override readonly name = 'InvalidTokenError';
  readonly reason: string;
  constructor(reason: string) {
    super('the token is not valid');
    this.reason = reason;
  }
}

/** Clocks of two machines differ: a token is believed for this long after its `exp`, and before its `nbf`. */
export const clockToleranceSeconds = 5;

/** What a token is for; checked on both sides, so that a token of one kind never passes as another (RFC 8725, section 3.11). */
export interface TokenKind {
  /** The `typ` header: `at+jwt` (RFC 9068). */
  readonly type: string;
  readonly issuer: string;
  readonly audience: string;
}

/**
 * Signs a token.
 * @param claims besides `iss`, `aud`, `iat` and `exp`, which come from the other arguments.
 * @param lifetimeSeconds from now to `exp`.
 */
export function signToken(
  key: SigningKey,
  kind: TokenKind,
  claims: Readonly<Record<string, unknown>>,
  lifetimeSeconds: number,
): string {
  return jwt.sign({ ...claims }, key.privateKey, {
    algorithm: signingAlgorithm,
    header: { alg: signingAlgorithm, typ: kind.type, kid: key.kid },
    issuer: kind.issuer,
    audience: kind.audience,
    expiresIn: lifetimeSeconds,
  });
}

/**
 * Verifies signature, algorithm, `typ`, issuer, audience and time (RFC 8725). `exp` is required: jsonwebtoken alone would accept a
 * token that never ends.
 * @throws InvalidTokenError for a token not to be believed; other errors when the key set cannot be reached.
 */
export async function verifyToken(token: string, kind: TokenKind, keys: KeySet): Promise<Claims> {
  const decoded = decode(token);
  // The header is the sender's word: nothing of it has a certain type until it is looked at.
  const { kid, typ, crit } = decoded.header as unknown as Record<string, unknown>;
  if (typeof kid !== 'string') throw new InvalidTokenError('no kid');
  if (typeof typ !== 'string' || mediaType(typ) !== mediaType(kind.type))
    throw new InvalidTokenError('wrong typ');
  // RFC 7515, section 4.1.11: an extension that must be understood and is not.
  if (crit !== undefined) throw new InvalidTokenError('unknown crit');
  const key = await keys.find(kid);
  if (key === undefined) throw new InvalidTokenError('unknown kid');
  let claims: jwt.JwtPayload | string;
  try {
    claims = jwt.verify(token, key, {
      algorithms: [signingAlgorithm],
      issuer: kind.issuer,
      audience: kind.audience,
      clockTolerance: clockToleranceSeconds,
    });
  } catch (error) {
    throw new InvalidTokenError(error instanceof Error ? error.message : 'refused');
  }
  if (typeof claims === 'string' || typeof claims.exp !== 'number') throw new InvalidTokenError('no exp');
  return claims as unknown as Claims;
}

/** RFC 7515, section 4.1.9: `application/` may be left out, and case does not matter. */
function mediaType(typ: string): string {
  return typ.toLowerCase().replace(/^application\//, '');
}

function decode(token: string): jwt.Jwt {
  let decoded: jwt.Jwt | null = null;
  try {
    decoded = jwt.decode(token, { complete: true });
  } catch {
    // Not even JSON inside: told below, like every other token that cannot be read.
  }
  if (decoded === null) throw new InvalidTokenError('not a JWT');
  return decoded;
}
