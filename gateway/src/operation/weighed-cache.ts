import type { QueryPlan } from '@apollo/query-planner';
import type { DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';

/** Keeps the values used last. */
export interface Cache<V> {
  get(key: string): V | undefined;
  set(key: string, value: V): unknown;
  /** Forgets everything. */
  clear(): void;
}

/**
 * A cache that is bounded by what its entries weigh and not by their number: anybody can send valid operations without end, large ones too.
 * @param bytes about how much memory it may take.
 * @param weigh what an entry takes, in bytes. One that takes more than half is not kept, because nearly all others would go for it.
 * @param age after how many milliseconds an entry is forgotten however often it is used, and what tells the time. Never when absent.
 */
export function weighedCache<V extends object>(
  bytes: number,
  weigh: (value: V, key: string) => number,
  age?: { readonly maxMs: number; readonly now: () => number },
): Cache<V> {
  return new LRUCache<string, V>({
    maxSize: bytes,
    maxEntrySize: Math.ceil(bytes / 2),
    sizeCalculation: (value, key) => Math.ceil(weigh(value, key)),
    ...(age === undefined ? {} : { ttl: age.maxMs, ttlResolution: 0, perf: { now: age.now } }),
  });
}

// The figures below were read off the heap, for operations from 32 to 965 characters, and rounded up: a syntax tree takes 35 to 116 bytes for each
// character of its text; a plan with what is compiled from it, 15 to 34 for each character of the plan as JSON.

/** What a valid document takes, in bytes. */
export function documentBytes(document: DocumentNode): number {
  return 1_024 + 100 * (document.loc?.end ?? 0);
}

const weighed = new WeakMap<QueryPlan, number>();

/** What a plan takes with all that is compiled from it, in bytes. */
export function planBytes(plan: QueryPlan): number {
  let bytes = weighed.get(plan);
  if (bytes === undefined) {
    bytes = 2_048 + 25 * JSON.stringify(plan).length;
    weighed.set(plan, bytes);
  }
  return bytes;
}
