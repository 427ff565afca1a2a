import type { PlannedOperation } from './planned-operation.ts';
import { planBytes, weighedCache } from './weighed-cache.ts';

/**
 * Operations that were found valid, by the very text that clients send: for these nothing is parsed, validated or hashed again. One of each
 * supergraph.
 */
export interface KnownOperations {
  /** @param operationName as the client sent it; empty when it sent none. */
  find(text: string, operationName: string): PlannedOperation | undefined;
  remember(text: string, operationName: string, planned: PlannedOperation): void;
  /** Forgets everything. */
  clear(): void;
}

/** @param bytes about how much memory texts and plans may take; those used last stay. */
export function createKnownOperations(bytes: number): KnownOperations {
  const byText = weighedCache<ReadonlyMap<string, PlannedOperation>>(bytes, (byName, text) =>
    [...byName.values()].reduce((sum, { plan }) => sum + planBytes(plan), 2 * text.length),
  );
  return {
    find: (text, operationName) => byText.get(text)?.get(operationName),
    remember(text, operationName, planned) {
      const others = byText.get(text);
      if (others?.get(operationName) === planned) return;
      // No more names than the document has operations: those of valid requests.
      byText.set(text, new Map([...(others ?? []), [operationName, planned]]));
    },
    clear: () => byText.clear(),
  };
}
