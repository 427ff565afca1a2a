import type { Logger, Stoppable } from '@trellis/lifecycle';
import type { DataSource, SubgraphDefinition } from '../subgraph/data-source.ts';

/** What a source may use of the gateway that it is for. */
export interface SourceServices {
  /** Asks every subgraph of a supergraph whether it answers. @throws Error naming those that do not. */
  readonly healthCheck: (supergraphSdl: string) => Promise<void>;
  /** Speaks with one subgraph. */
  readonly getDataSource: (subgraph: SubgraphDefinition) => DataSource;
  readonly logger: Logger;
}

/** Where a supergraph comes from, now and later. */
export interface SupergraphSource {
  /** @throws Error with one sentence that says what to do when there is none. */
  load(services: SourceServices): Promise<string>;
  /**
   * Calls back with the SDL each time that it may have changed; the same text may come again.
   * @param onProblem told, in a sentence, when it cannot be read; watching goes on.
   * @param onRecovery called when it can be read again.
   */
  watch(
    onChange: (supergraphSdl: string) => void,
    onProblem: (problem: string) => void,
    onRecovery?: () => void,
  ): Stoppable;
  /**
   * How long after a first load that failed another is tried; meanwhile the gateway answers that it is not ready. Absent: the gateway does not start.
   */
  readonly retryMs?: number;
  /** Ends what loading began. */
  stop?(): Promise<void>;
}

/** A source that needs nothing of the gateway. */
export type StandaloneSource = SupergraphSource & { load(): Promise<string> };

/** A supergraph that never changes. */
export function fixedSupergraph(supergraphSdl: string): StandaloneSource {
  return { load: async () => supergraphSdl, watch: () => ({ stop: async () => {} }) };
}
