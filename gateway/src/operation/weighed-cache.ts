import { LRUCache } from 'lru-cache';
import type { CheckedDocument } from './checked-document.ts';
import { maxDeferringPlans } from './deferred-operation.ts';
import type { PlannedOperation } from './planned-operation.ts';

/** Keeps the values used last. */
export interface Cache<V> {
  get(key: string): V | undefined;
  set(key: string, value: V): unknown;
}

/**
 * A cache that is bounded by what its entries weigh and not by their number: anybody can send valid operations without end, large ones too.
 * @param bytes about how much memory it may take.
 * @param weigh what an entry takes, in bytes. One that takes more than a sixteenth is not kept, because many others would go for it.
 */
export function weighedCache<V extends object>(
  bytes: number,
  weigh: (value: V, key: string) => number,
): Cache<V> {
  return new LRUCache<string, V>({
    maxSize: bytes,
    maxEntrySize: Math.ceil(bytes / 16),
    sizeCalculation: (value, key) => Math.ceil(weigh(value, key)),
  });
}

// The figures below were read off the heap, for operations from 32 to 965 characters, and rounded up: a syntax tree takes 35 to 116 bytes for each
// character of its text; a plan with what is compiled from it, 15 to 34 for each character of the plan as JSON.

/** What a checked document takes, in bytes. */
export function documentBytes(checked: CheckedDocument): number {
  return checked.kind === 'valid' ? 1_024 + 100 * (checked.document.loc?.end ?? 0) : 1_024;
}

const weighed = new WeakMap<PlannedOperation, number>();

/** What a planned operation takes with all that is compiled from it, in bytes. */
export function planBytes(planned: PlannedOperation): number {
  let bytes = weighed.get(planned);
  if (bytes === undefined) {
    // Each combination of what is deferred has a plan of its own.
    const plans = planned.deferred === undefined ? 1 : 1 + maxDeferringPlans;
    bytes = plans * (2_048 + 25 * JSON.stringify(planned.plan).length);
    weighed.set(planned, bytes);
  }
  return bytes;
}
