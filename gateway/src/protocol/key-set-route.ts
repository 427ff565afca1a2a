import type { SigningKey } from '@trellis/auth';
import { Router } from 'express';

/** Publishes the key by which subgraphs know that it is the gateway who asks. */
export function keySetRoute(signingKey: SigningKey): Router {
  const router = Router();
  router.get('/.well-known/jwks.json', (_request, response) => {
    response.setHeader('cache-control', 'public, max-age=300');
    response.json({ keys: [signingKey.publicJwk] });
  });
  return router;
}
