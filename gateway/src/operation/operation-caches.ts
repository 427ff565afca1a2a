import type { CheckedDocument } from './checked-document.ts';
import { createKnownOperations, type KnownOperations } from './known-operations.ts';
import type { PlannedOperation } from './planned-operation.ts';
import { documentBytes, planBytes, weighedCache, type Cache } from './weighed-cache.ts';

/** What a supergraph's operations leave behind for the next time that they come. */
export interface OperationCaches {
  /** By `documentKey`. */
  readonly documents: Cache<CheckedDocument>;
  /** By `documentKey` and the operation's name. */
  readonly plans: Cache<PlannedOperation>;
  readonly known: KnownOperations;
}

/** About how much memory the operations of a supergraph may take, when nothing else is said. */
export const operationCacheBytes = 64 * 1024 * 1024;

/** @param bytes about how much memory all of them may take together. */
export function createOperationCaches(bytes: number): OperationCaches {
  const share = Math.ceil(bytes / 4);
  return {
    documents: weighedCache(share, documentBytes),
    plans: weighedCache(share, planBytes),
    // Most plans here are those of `plans`, so they seldom weigh twice.
    known: createKnownOperations(2 * share),
  };
}
