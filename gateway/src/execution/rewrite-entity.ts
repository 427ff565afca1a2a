import type { FetchNode } from '@apollo/query-planner';
import { isAbstractType, isObjectType, type GraphQLSchema } from 'graphql';
import { getOwn, type JsonObject, type JsonValue } from '../json.ts';
import { applyRewrites } from './rewrites.ts';

/** An entity as a subgraph gave it, made ready to be merged. */
export interface RewrittenEntity {
  readonly entity: JsonObject;
  /**
   * The name of an interface that the subgraph takes for the entity's type. It has been taken out of the entity: an object that knows what it really
   * is keeps that.
   */
  readonly interfaceName: JsonValue;
}

/**
 * Applies a node's output rewrites to an entity, in place.
 * @param represented the type that the entity was represented with; output rewrites are conditional on the type, which the subgraph is not always
 * asked for.
 */
export function rewriteEntity(
  schema: GraphQLSchema,
  node: FetchNode,
  entity: JsonObject,
  represented: () => JsonValue,
): RewrittenEntity {
  if (node.outputRewrites !== undefined) {
    const asked = entity['__typename'] !== undefined;
    if (!asked) entity['__typename'] = represented();
    applyRewrites(schema, node.outputRewrites, entity);
    if (!asked) delete entity['__typename'];
  }
  const typename = getOwn(entity, '__typename');
  if (typeof typename !== 'string') return { entity, interfaceName: undefined };
  const type = schema.getType(typename);
  if (isObjectType(type)) return { entity, interfaceName: undefined };
  // A type that nobody has would take the object away from all who are asked for its fields after this, without a word.
  delete entity['__typename'];
  return { entity, interfaceName: isAbstractType(type) ? typename : undefined };
}

/** Merges an entity into one of the objects that stand for it. */
export function mergeEntity(
  object: JsonObject,
  { entity, interfaceName }: RewrittenEntity,
  merge: (target: JsonObject, source: JsonObject) => void,
): void {
  merge(object, entity);
  if (interfaceName !== undefined && getOwn(object, '__typename') === undefined)
    object['__typename'] = interfaceName;
}
