import type { Logger } from '@trellis/lifecycle';
import type { GraphQLSchema } from 'graphql';
import { buildGeneration, type Generation, type GenerationOptions } from './generation.ts';

/** Holds the supergraph in service and swaps it. */
export interface SupergraphStore {
  current(): Generation;
  /** The generation that an API schema belongs to, even after it was replaced. */
  of(apiSchema: GraphQLSchema): Generation;
  /**
   * Puts a new supergraph into service. The same one again changes nothing, nor does one that was refused just now.
   * @returns whether there was a change.
   * @throws SupergraphRefusedError when it cannot be served; the one before stays.
   */
  replace(supergraphSdl: string): boolean;
  /** Is told of the generation in service now, and of each later one. @returns how to stop that. */
  onChange(listener: (generation: Generation) => void): () => void;
}

/** @throws SupergraphRefusedError when the first supergraph cannot be served. */
export function createSupergraphStore(
  firstSdl: string,
  options: GenerationOptions,
  logger: Logger,
): SupergraphStore {
  const bySchema = new WeakMap<GraphQLSchema, Generation>();
  const listeners = new Set<(generation: Generation) => void>();
  const register = (generation: Generation): Generation => {
    bySchema.set(generation.apiSchema, generation);
    return generation;
  };
  let current = register(buildGeneration(firstSdl, options));
  let refused: string | undefined;
  return {
    current: () => current,
    of(apiSchema) {
      const generation = bySchema.get(apiSchema);
      if (generation === undefined) throw new Error('this schema was not made by the supergraph store');
      return generation;
    },
    replace(supergraphSdl) {
      if (supergraphSdl === refused) return false;
      refused = undefined;
      if (supergraphSdl === current.supergraphSdl) return false;
      const before = current.id;
      try {
        current = register(buildGeneration(supergraphSdl, options));
      } catch (error) {
        refused = supergraphSdl;
        throw error;
      }
      for (const listener of listeners) listener(current);
      logger.info({ before, now: current.id }, 'a new supergraph is in service');
      return true;
    },
    onChange(listener) {
      listeners.add(listener);
      listener(current);
      return () => listeners.delete(listener);
    },
  };
}
