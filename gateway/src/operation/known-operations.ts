import { createBoundedCache } from './bounded-cache.ts';
import type { PlannedOperation } from './planned-operation.ts';

/**
 * Operations that were found valid, by the very text that clients send: for these nothing is parsed, validated or hashed again. One of each
 * supergraph.
 */
export interface KnownOperations {
  /** @param operationName as the client sent it; empty when it sent none. */
  find(text: string, operationName: string): PlannedOperation | undefined;
  remember(text: string, operationName: string, planned: PlannedOperation): void;
}

/** Texts are kept whole, so one that is longer than this is not: it takes the long way each time. */
const maxCharacters = 16_384;

/** @param maxTexts how many texts are kept; those used last stay. */
export function createKnownOperations(maxTexts: number): KnownOperations {
  const byText = createBoundedCache<Map<string, PlannedOperation>>(maxTexts);
  return {
    find: (text, operationName) => byText.get(text)?.get(operationName),
    remember(text, operationName, planned) {
      if (text.length > maxCharacters) return;
      const byName = byText.get(text);
      // No more names than the document has operations: those of valid requests.
      if (byName !== undefined) byName.set(operationName, planned);
      else byText.set(text, new Map([[operationName, planned]]));
    },
  };
}
