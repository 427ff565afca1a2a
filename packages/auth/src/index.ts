export { anonymous, type Identity } from './identity.ts';
export {
  exportSigningKey,
  generateSigningKey,
  importSigningKey,
  signingAlgorithm,
  type PublicJwk,
  type SigningKey,
} from './signing-key.ts';
export { createStaticKeySet, type KeySet } from './key-set.ts';
export { createRemoteKeySet } from './remote-key-set.ts';
export {
  clockToleranceSeconds,
  InvalidTokenError,
  signToken,
  verifyToken,
  type Claims,
  type TokenKind,
} from './token.ts';
export { bearerToken } from './bearer.ts';
export {
  createIdentitySigner,
  createIdentityVerifier,
  gatewayIdentityHeader,
  identityFromClaims,
  type IdentitySigner,
  type IdentityVerifier,
} from './gateway-identity.ts';
