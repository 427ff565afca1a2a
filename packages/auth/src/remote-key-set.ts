import { createPublicKey, type KeyObject } from 'node:crypto';
import type { KeySet } from './key-set.ts';

/** How long a set is used before it is fetched again: a key that left it stops being honoured after this. */
const maxAgeMs = 600_000;
/** Forged key ids must not be usable to flood the issuer: no more fetches for an unknown id than this in a minute. */
const maxFetchesAMinute = 10;
/** How long nothing is fetched after a fetch that failed: doubled by every one that follows, up to the longest. */
const firstRetryMs = 100;
const longestRetryMs = 1_000;
const timeoutMs = 5_000;
const maxBytes = 1_000_000;

/**
 * A set published at a URL (RFC 7517): fetched when first needed and kept for ten minutes. An unknown id fetches again, so that a rotated
 * key is found at once, but no more than ten times a minute; beyond that an unknown id is simply unknown. While the issuer cannot be
 * reached, it is asked about once a second by whoever needs a key, and keys that were fetched before are used on.
 */
export function createRemoteKeySet(url: string, now: () => number = Date.now): KeySet {
  let keys: ReadonlyMap<string, KeyObject> | undefined;
  let fetchedAt = -Infinity;
  let fetching: Promise<void> | undefined;
  /** Present after a fetch that failed. Its retries are counted apart: forged ids must not use them up while the issuer is away. */
  let failure: { readonly error: unknown; readonly count: number; readonly retryAt: number } | undefined;
  const recentFetches: number[] = [];

  const mayFetch = (): boolean => {
    if (failure !== undefined) return failure.retryAt <= now();
    while (recentFetches[0] !== undefined && recentFetches[0] <= now() - 60_000) recentFetches.shift();
    return recentFetches.length < maxFetchesAMinute;
  };
  const fetchOnce = async (): Promise<void> => {
    try {
      keys = await fetchKeys(url);
      fetchedAt = now();
      if (failure === undefined) recentFetches.push(fetchedAt);
      failure = undefined;
    } catch (error) {
      const count = (failure?.count ?? 0) + 1;
      failure = { error, count, retryAt: now() + retryDelayMs(count) };
      throw error;
    }
  };
  /** Callers at the same time share one fetch. */
  const refresh = (): Promise<void> => (fetching ??= fetchOnce().finally(() => (fetching = undefined)));

  return {
    async find(kid) {
      const known = keys?.get(kid);
      if (known !== undefined && fetchedAt > now() - maxAgeMs) return known;
      if (known !== undefined && failure !== undefined) {
        // An issuer that does not answer must not hold up everybody whose key is here. What this comes to, `failure` tells the next.
        if (mayFetch()) refresh().catch(() => undefined);
        return known;
      }
      try {
        if (fetching !== undefined || mayFetch()) await refresh();
        else if (failure !== undefined) throw failure.error;
      } catch (error) {
        // Better an old key than no sign-in at all; an unknown one may be new, which cannot be told now.
        if (known === undefined) throw error;
        return known;
      }
      return keys?.get(kid);
    },
  };
}

/** Spread at random, so that gateways that lost their issuer together do not come back to it together. */
function retryDelayMs(failures: number): number {
  return Math.min(longestRetryMs, firstRetryMs * 2 ** (failures - 1)) * (0.5 + Math.random() / 2);
}

async function fetchKeys(url: string): Promise<Map<string, KeyObject>> {
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
  if (!response.ok) throw new Error(`the key set answered with status ${response.status}`);
  const text = await readBounded(response);
  const body = JSON.parse(text) as { keys?: unknown } | null;
  if (!Array.isArray(body?.keys)) throw new Error('the key set has no list of keys');
  const keys = new Map<string, KeyObject>();
  for (const jwk of body.keys as (Record<string, unknown> | null)[]) {
    const { kid, use } = jwk ?? {};
    if (typeof kid !== 'string' || (use !== undefined && use !== 'sig')) continue;
    try {
      keys.set(kid, createPublicKey({ key: jwk ?? {}, format: 'jwk' }));
    } catch {
      // A set may hold keys of kinds that this platform does not know; its tokens are then of an unknown key.
    }
  }
  return keys;
}

async function readBounded(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > maxBytes) throw new Error('the key set is too large');
  }
  return text;
}
