import type { DocumentNode } from 'graphql';
import type { DeferringPlan } from './deferred-operation.ts';
import { invalidDocumentBytes, type InvalidDocument } from './invalid-documents.ts';
import { createKnownOperations, type KnownOperations } from './known-operations.ts';
import type { PlannedOperation } from './planned-operation.ts';
import { documentBytes, planBytes, weighedCache, type Cache } from './weighed-cache.ts';

/** What a supergraph's operations leave behind for the next time that they come. */
export interface OperationCaches {
  /** Those that are valid, by `documentKey`. */
  readonly documents: Cache<DocumentNode>;
  /** What is wrong with those that are not, by `documentKey` and by who has validated them: Apollo Server has rules of its own. */
  readonly invalid: Cache<InvalidDocument>;
  /** By `documentKey` and the operation's name. */
  readonly plans: Cache<PlannedOperation>;
  /** Plans with deferred fragments, by the key of the plan without and by what is deferred. */
  readonly deferringPlans: Cache<DeferringPlan>;
  /** Why operations have no plan, by the key that it would have. */
  readonly refusals: Cache<Error>;
  readonly known: KnownOperations;
}

/** About how much memory the operations of a supergraph may take, when nothing else is said. */
export const operationCacheBytes = 64 * 1024 * 1024;

/** An operation that took too long to plan on a machine that was busy gets another chance. And what is refused is kept for nobody but those who insist. */
const maxRefusalMs = 5 * 60_000;

/**
 * @param bytes about how much memory all of them may take together.
 * @param now milliseconds from any beginning.
 */
export function createOperationCaches(bytes: number, now = () => performance.now()): OperationCaches {
  const sixteenths = (count: number): number => Math.ceil((count * bytes) / 16);
  return {
    documents: weighedCache(sixteenths(3), documentBytes),
    invalid: weighedCache(sixteenths(1), invalidDocumentBytes, { maxMs: maxRefusalMs, now }),
    plans: dearCache(sixteenths(4), ({ plan }) => planBytes(plan)),
    deferringPlans: dearCache(sixteenths(2), ({ plan }) => planBytes(plan)),
    refusals: dearCache(sixteenths(1), refusalBytes, { maxMs: maxRefusalMs, now }),
    // Most plans here are those of `plans`, so they seldom weigh twice.
    known: createKnownOperations(sixteenths(5)),
  };
}

/**
 * Keeps what is as dear to make as a plan, however large: whoever sends the same large operation again and again would have it planned each time, and
 * nobody else is served meanwhile. So no entry counts for more than half, and there are two at most that should count for more.
 */
function dearCache<V extends object>(
  bytes: number,
  weigh: (value: V) => number,
  age?: Parameters<typeof weighedCache>[2],
): Cache<V> {
  return weighedCache(bytes, (value) => Math.min(weigh(value), Math.floor(bytes / 2)), age);
}

function refusalBytes({ message }: Error): number {
  return 2_048 + 2 * message.length;
}

/** Forgets all operations of a supergraph that was replaced: what is still under way with it, an open subscription above all, needs none of them. */
export function forgetOperations(caches: OperationCaches): void {
  for (const name of ['documents', 'invalid', 'plans', 'deferringPlans', 'refusals', 'known'] as const)
    caches[name].clear();
}
