import type { Logger } from '@trellis/lifecycle';
import type { GraphQLSchema } from 'graphql';
import { forgetOperations } from '../operation/operation-caches.ts';
import { buildGeneration, type Generation, type GenerationOptions } from './generation.ts';

/** Holds the supergraph in service and swaps it. */
export interface SupergraphStore {
  current(): Generation;
  /** The generation that an API schema belongs to, even after it was replaced. */
  of(apiSchema: GraphQLSchema): Generation;
  /**
   * Puts a new supergraph into service, and tells the listeners; what one of them throws is logged, and keeps it from none of the others. The
   * same one again changes nothing, nor does one that was refused just now.
   * @returns whether there was a change.
   * @throws SupergraphRefusedError when it cannot be served; the one before stays.
   */
  replace(supergraphSdl: string): boolean;
  /** Is told of the generation in service now, where it may throw, and of each later one. @returns how to stop that. */
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
  const tell = (listener: (generation: Generation) => void): void => {
    try {
      listener(current);
    } catch (err) {
      logger.error({ err, supergraph: current.id }, 'a listener has failed on the new supergraph');
    }
  };
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
      const before = current;
      try {
        current = register(buildGeneration(supergraphSdl, options));
      } catch (error) {
        refused = supergraphSdl;
        throw error;
      }
      listeners.forEach(tell);
      // A subscription may hold the supergraph that it began with for days.
      forgetOperations(before);
      logger.info({ before: before.id, now: current.id }, 'a new supergraph is in service');
      return true;
    },
    onChange(listener) {
      listener(current);
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
