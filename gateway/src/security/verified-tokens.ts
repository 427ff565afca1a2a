import type { Authenticate, Authenticated } from './authenticate.ts';

/** How many callers are remembered. */
const maxCallers = 4_096;

/** A key that its issuer has withdrawn vouches for nobody for longer than this. */
const longestMs = 60_000;

/**
 * Remembers who the bearer of a verified token is, until the token ends and for no more than a minute: checking a signature costs more than the rest
 * of a small request. Refusals are not remembered, nor are callers without a token.
 */
export function rememberVerified(authenticate: Authenticate, now: () => number = Date.now): Authenticate {
  const callers = new Map<string, { readonly caller: Authenticated; readonly until: number }>();
  return async (authorization) => {
    if (authorization === undefined) return authenticate(undefined);
    const known = callers.get(authorization);
    if (known !== undefined) {
      if (known.until > now()) return known.caller;
      callers.delete(authorization);
    }
    const caller = await authenticate(authorization);
    if (caller.identityExpiresAt === undefined) return caller;
    callers.set(authorization, { caller, until: Math.min(caller.identityExpiresAt, now() + longestMs) });
    // The oldest goes; it comes back with its next request.
    if (callers.size > maxCallers) callers.delete(callers.keys().next().value!);
    return caller;
  };
}
