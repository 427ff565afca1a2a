import type { SourceServices, SupergraphSource } from './supergraph-source.ts';

/**
 * Where Apollo's gateway takes its supergraph from when it is not a fixed one: `IntrospectAndCompose`, `UplinkSupergraphManager`, or a
 * class of your own. The shapes are those of `@apollo/gateway` 2, so that its managers fit as they are.
 */
export interface SupergraphManager {
  initialize: SupergraphSdlHook;
}

/** A manager that needs no class. Called once, at the start. */
export type SupergraphSdlHook<O = SupergraphSdlHookOptions> = (options: O) => Promise<{
  /** The first supergraph. */
  supergraphSdl: string;
  /** Called when the gateway is stopped. */
  cleanup?: () => Promise<void>;
}>;

/** What a manager is given. */
export interface SupergraphSdlHookOptions extends Omit<SourceServices, 'logger'> {
  /** Puts a supergraph into service. @throws SupergraphRefusedError when it cannot be served; the one before stays in service. */
  update: (supergraphSdl: string) => void;
}

/**
 * The supergraph of a manager, which is told to clean up when the source is stopped. What it sends before the gateway watches is kept: the last of
 * it is what the gateway then hears first.
 */
export function managedSupergraph(
  manager: SupergraphManager | SupergraphSdlHook<SupergraphSdlHookOptions & SourceServices>,
): SupergraphSource {
  let listener: ((supergraphSdl: string) => void) | undefined;
  let early: string | undefined;
  let cleanup: (() => Promise<void>) | undefined;
  return {
    async load(services) {
      const update = (supergraphSdl: string): void => {
        if (listener === undefined) early = supergraphSdl;
        else listener(supergraphSdl);
      };
      const options = { ...services, update };
      const started = await (typeof manager === 'function' ? manager(options) : manager.initialize(options));
      cleanup = started.cleanup;
      return started.supergraphSdl;
    },
    watch(onChange, onProblem) {
      listener = onChange;
      try {
        if (early !== undefined) onChange(early);
      } catch (error) {
        // The manager has its answer already, so it is not told any more, and what was loaded is good.
        onProblem(error instanceof Error ? error.message : String(error));
      }
      return {
        async stop() {
          listener = () => {};
        },
      };
    },
    async stop() {
      await cleanup?.();
    },
  };
}
