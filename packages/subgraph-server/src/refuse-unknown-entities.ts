import { isInterfaceType, isObjectType, isUnionType, type GraphQLSchema } from 'graphql';
import { badArgument } from './errors.ts';

/**
 * Has `Query._entities` (Apollo Federation, subgraph specification) refuse representations of what is no entity of the schema. `@apollo/subgraph`
 * throws a plain error for them, which would pass for a fault of the subgraph.
 */
export function refuseUnknownEntities(schema: GraphQLSchema): void {
  const field = schema.getQueryType()?.getFields()['_entities'];
  const entity = schema.getType('_Entity');
  if (field?.resolve === undefined || !isUnionType(entity)) return;
  const { resolve } = field;
  const isKnown = (name: unknown): boolean => {
    const type = typeof name === 'string' ? schema.getType(name) : undefined;
    return isInterfaceType(type) || (isObjectType(type) && schema.isSubType(entity, type));
  };
  field.resolve = (source, args: { readonly representations: readonly unknown[] }, context, info) => {
    const names = args.representations.map((one) => (one as { readonly __typename?: unknown }).__typename);
    if (!names.every(isKnown))
      throw badArgument(
        'representations',
        'A representation is of a type that is no entity of this subgraph.',
      );
    return resolve(source, args, context, info);
  };
}
