import { GraphQLScalarType } from 'graphql';
import type { SubgraphSource } from '../start-subgraph.ts';
import { namedTypeOf, type FieldModel, type GraphModel } from './model.ts';
import { printSubgraph } from './print-subgraph.ts';
import { identify, typeOfId, type Thing, type Truth } from './truth.ts';

/** An object as a subgraph hands it from resolver to resolver. */
interface Held extends Thing {
  readonly __typename: string;
  /** What the gateway represented it with. */
  readonly received?: Readonly<Record<string, unknown>>;
}

type Resolver = (source: Held | undefined, args: Readonly<Record<string, unknown>>) => unknown;

/**
 * The subgraphs of a made-up graph, each of which knows only what is its own and of required fields what it is given.
 * @param truth asked anew for each value, so that it can be changed between operations.
 */
export function subgraphSources(model: GraphModel, truth: () => Truth): SubgraphSource[] {
  return model.subgraphs.map((name) => ({
    name,
    typeDefs: printSubgraph(model, name),
    resolvers: resolversOf(model, name, truth),
  }));
}

function resolversOf(
  model: GraphModel,
  subgraph: string,
  truth: () => Truth,
): NonNullable<SubgraphSource['resolvers']> {
  const resolvers: Record<string, unknown> = {
    Blob: new GraphQLScalarType({ name: 'Blob' }),
    Spot: { row: ({ id }: Thing) => `row:${id}` },
  };
  const resolverOf = (type: string, field: FieldModel): Resolver => {
    return (source, args) => {
      if (field.overridden === subgraph) throw new Error(`${field.name} has been overridden`);
      const thing = source ?? { type, id: '' };
      if (field.requires !== undefined) {
        return truth().madeOf(
          field.name,
          pick(source?.received ?? {}, truth().required(thing, field.requires)),
        );
      }
      return hold(truth().value(thing, field.name, args), namedTypeOf(field.type));
    };
  };
  const hold = (value: unknown, declared: string): unknown => {
    if (Array.isArray(value)) return value.map((item) => hold(item, declared));
    if (!isThing(value)) return value;
    const asObject = model.interfaces.some(
      (type) => type.name === declared && type.asObject?.subgraph === subgraph,
    );
    return { ...value, __typename: asObject ? declared : value.type };
  };
  const fieldResolvers = (type: string, fields: readonly FieldModel[]): Record<string, Resolver> =>
    Object.fromEntries(
      fields
        .filter(
          ({ owners, externalIn, overridden }) =>
            owners.includes(subgraph) || externalIn.has(subgraph) || overridden === subgraph,
        )
        .map((field) => [field.name, resolverOf(type, field)]),
    );
  const root = (type: string, fields: readonly FieldModel[]): void => {
    const own = fields.filter(({ owners }) => owners.includes(subgraph));
    if (own.length > 0) {
      resolvers[type] = Object.fromEntries(
        own.map((field): [string, Resolver] => [
          field.name,
          (_source, args) => resolverOf(type, field)(undefined, args),
        ]),
      );
    }
  };
  root('Query', model.query);
  root('Mutation', model.mutation);
  for (const { name, subgraphs, keys, fields } of model.objects) {
    if (!subgraphs.includes(subgraph)) continue;
    const resolvable = (keys.get(subgraph) ?? []).filter((key) => key.resolvable).map((key) => key.fields);
    resolvers[name] = {
      ...fieldResolvers(name, fields),
      ...(resolvable.length === 0
        ? {}
        : {
            __resolveReference: (representation: Record<string, unknown>) => ({
              ...identify(representation, name, resolvable),
              __typename: name,
              received: representation,
            }),
          }),
    };
  }
  for (const type of model.interfaces) {
    const byId = (representation: Record<string, unknown>): Held => {
      const { id } = identify(representation, type.name, ['id']);
      const own = typeOfId(type, id);
      const isObject = type.asObject?.subgraph === subgraph;
      return { id, type: own, __typename: isObject ? type.name : own, received: representation };
    };
    if (type.asObject?.subgraph === subgraph) {
      resolvers[type.name] = {
        ...fieldResolvers(type.name, type.asObject.fields),
        id: ({ id }: Thing) => id,
        __resolveReference: byId,
      };
    } else if (type.home === subgraph && type.fieldsIn.has(subgraph)) {
      resolvers[type.name] = { __resolveReference: byId };
    }
  }
  return resolvers as NonNullable<SubgraphSource['resolvers']>;
}

function isThing(value: unknown): value is Thing {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.keys(value).length === 2 &&
    'type' in value &&
    'id' in value
  );
}

/** What was received of that which should have been; the gateway may send more, for other fields. */
function pick(received: unknown, expected: unknown): unknown {
  if (received === undefined) return 'not received';
  if (received === null || typeof expected !== 'object' || expected === null) return received;
  if (Array.isArray(expected)) {
    if (!Array.isArray(received) || received.length !== expected.length) return received;
    return received.map((item, index) => pick(item, expected[index]));
  }
  return Object.fromEntries(
    Object.entries(expected).map(([key, shape]) => [
      key,
      pick((received as Record<string, unknown>)[key], shape),
    ]),
  );
}
