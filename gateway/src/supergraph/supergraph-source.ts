import type { Stoppable } from '@trellis/lifecycle';

/** Where a supergraph comes from, now and later. */
export interface SupergraphSource {
  /** @throws Error with one sentence that says what to do when there is none. */
  load(): Promise<string>;
  /**
   * Calls back with the SDL each time that it may have changed; the same text may come again.
   * @param onProblem told, in a sentence, when it cannot be read; watching goes on.
   */
  watch(onChange: (supergraphSdl: string) => void, onProblem: (problem: string) => void): Stoppable;
}

/** A supergraph that never changes. */
export function fixedSupergraph(supergraphSdl: string): SupergraphSource {
  return { load: async () => supergraphSdl, watch: () => ({ stop: async () => {} }) };
}
