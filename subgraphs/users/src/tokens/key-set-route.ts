import express, { type Router } from 'express';
import type { KeyRing } from './key-ring.ts';

/** Where verifiers find the public keys (RFC 7517; the well-known path that OpenID Connect made usual). */
export const keySetPath = '/.well-known/jwks.json';

/** How long a verifier may keep the set: well within the time that a key is published before it signs. */
const maxAgeSeconds = 300;

/** Publishes the public keys, to everyone. */
export function keySetRoute(keyRing: KeyRing): Router {
  const router = express.Router();
  router.get(keySetPath, (_request, response) => {
    response.set('cache-control', `public, max-age=${maxAgeSeconds}`).json({ keys: keyRing.publicKeys() });
  });
  return router;
}
