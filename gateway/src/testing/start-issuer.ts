import { generateSigningKey, signToken, type SigningKey } from '@trellis/auth';
import { listen } from '@trellis/lifecycle';
import express from 'express';
import type { TokenRules } from '../security/authenticate.ts';

/** An issuer of access tokens with its key set. */
export interface RunningIssuer {
  readonly rules: TokenRules;
  readonly key: SigningKey;
  /** A valid token unless told otherwise. */
  token(
    claims?: Record<string, unknown>,
    options?: { lifetimeSeconds?: number; type?: string; key?: SigningKey },
  ): string;
  stop(): Promise<void>;
}

export async function startIssuer(): Promise<RunningIssuer> {
  const key = generateSigningKey();
  const app = express();
  app.get('/jwks', (_request, response) => response.json({ keys: [key.publicJwk] }));
  const listener = await listen(app, { port: 0, host: '127.0.0.1' });
  const kind = { issuer: 'https://issuer.example', audience: 'shop' };
  return {
    key,
    rules: { ...kind, jwksUrls: [`${listener.url}/jwks`] },
    token: (claims = { sub: 'ada', roles: ['CUSTOMER'], sid: 's1' }, options = {}) =>
      signToken(
        options.key ?? key,
        { ...kind, type: options.type ?? 'at+jwt' },
        claims,
        options.lifetimeSeconds ?? 60,
      ),
    async stop() {
      listener.server.closeAllConnections();
      await listener.stop(0);
    },
  };
}
