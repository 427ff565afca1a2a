import {
  getNamedType,
  isAbstractType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  parse,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLOutputType,
  type GraphQLSchema,
  type SelectionNode,
} from 'graphql';
import { createRandom, seedOf, type Random } from './random.ts';

const texts = ['m1', 'm2', 'p1', 'a "quoted" one', 'line\nbreak', 'é😀', '\\'];

/**
 * What a subgraph might answer to a request: data of the right types, or, as often as `wrongness` says, nulls where none may be, other
 * shapes, unknown types, errors, and no answer at all. Whatever else is in the request, a root field is answered the same under the same key and an entity
 * the same for the same representation and selections, so that executors can be compared that ask in different ways.
 * @returns undefined for no answer.
 */
export function randomAnswers(
  schema: GraphQLSchema,
  asked: {
    readonly seed: number;
    readonly wrongness: number;
    readonly subgraph: string;
    readonly body: string;
  },
): object | undefined {
  const { seed, wrongness, subgraph, body } = asked;
  const randomFor = (what: string): Random => createRandom(seed ^ seedOf(subgraph + what));
  const mood = randomFor('');
  if (mood.chance(wrongness / 4)) return undefined;
  const { query, variables } = JSON.parse(body) as {
    query: string;
    variables: Readonly<Record<string, readonly { __typename: string }[]>>;
  };
  const { definitions } = parse(query);
  const fragments = new Map<string, FragmentDefinitionNode>();
  let root: readonly SelectionNode[] = [];
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
    if (definition.kind === Kind.OPERATION_DEFINITION) root = definition.selectionSet.selections;
  }
  const errors: object[] = [];
  const answererFor = (what: string) => createAnswerer(schema, fragments, randomFor(what), wrongness, errors);
  const data: Record<string, unknown> = {};
  for (const selection of root) {
    const key = selection.kind === Kind.FIELD ? (selection.alias?.value ?? selection.name.value) : '';
    const representations = representationsOf(selection);
    if (representations === undefined) {
      answererFor(key).fill(data, 'Query', [selection], []);
      continue;
    }
    const selections = (selection as FieldNode).selectionSet?.selections ?? [];
    data[key] = variables[representations]!.map((representation, index) =>
      answererFor(JSON.stringify(representation)).object(representation.__typename, selections, [key, index]),
    );
  }
  if (mood.chance(wrongness / 4)) errors.push({ message: 'as a whole', extensions: { code: 'WHOLE' } });
  return errors.length > 0 ? { data, errors } : { data };
}

/** @returns the name of the variable that holds an `_entities` field's representations. */
function representationsOf(selection: SelectionNode): string | undefined {
  if (selection.kind !== Kind.FIELD || selection.name.value !== '_entities') return undefined;
  const value = selection.arguments?.[0]?.value;
  return value?.kind === Kind.VARIABLE ? value.name.value : undefined;
}

function createAnswerer(
  schema: GraphQLSchema,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  random: Random,
  wrongness: number,
  errors: object[],
) {
  const typed = (typename: string, condition: string | undefined): boolean => {
    if (condition === undefined || condition === typename) return true;
    const [type, abstract] = [schema.getType(typename), schema.getType(condition)];
    return isAbstractType(abstract) && isObjectType(type) && schema.isSubType(abstract, type);
  };
  const object = (
    typename: string,
    selections: readonly SelectionNode[],
    path: readonly (string | number)[],
  ): unknown => {
    if (path.length > 0 && random.chance(wrongness)) return wrong(path);
    const into: Record<string, unknown> = {};
    fill(into, typename, selections, path);
    return into;
  };
  const fill = (
    into: Record<string, unknown>,
    typename: string,
    selections: readonly SelectionNode[],
    path: readonly (string | number)[],
  ): void => {
    for (const selection of selections) {
      if (selection.kind !== Kind.FIELD) {
        const part =
          selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
        if (part !== undefined && typed(typename, part.typeCondition?.name.value))
          fill(into, typename, part.selectionSet.selections, path);
        continue;
      }
      const key = selection.alias?.value ?? selection.name.value;
      const at = [...path, key];
      const type = schema.getType(typename);
      const field =
        type !== undefined && 'getFields' in type ? type.getFields()[selection.name.value] : undefined;
      let made: unknown;
      if (selection.name.value === '__typename') made = random.chance(wrongness / 4) ? 'Nothing' : typename;
      else if (field === undefined || !('args' in field)) made = null;
      else made = value(field.type, selection.selectionSet?.selections ?? [], at);
      if (made !== undefined)
        Object.defineProperty(into, key, {
          value: made,
          enumerable: true,
          writable: true,
          configurable: true,
        });
    }
  };
  const wrong = (path: readonly (string | number)[]): unknown => {
    const kind = random.below(5);
    // Which item of a list it is depends on what else is asked.
    const what = typeof path.at(-1) === 'string' ? path.at(-1) : 'an item';
    if (kind === 0) errors.push({ message: `at ${what}`, path, extensions: { code: 'BROKEN' } });
    if (kind < 2) return [null, undefined][kind];
    return random.pick(['text', '5', 1.5, 2 ** 31, -7, true, {}, [], [null, {}], { __typename: 'Nothing' }]);
  };
  const value = (
    type: GraphQLOutputType,
    selections: readonly SelectionNode[],
    path: readonly (string | number)[],
  ): unknown => {
    if (random.chance(wrongness)) return wrong(path);
    if (isNonNullType(type)) return value(type.ofType, selections, path);
    if (random.chance(0.1) && wrongness > 0) return null;
    if (isListType(type))
      return Array.from({ length: random.below(4) }, (_, index) =>
        value(type.ofType, selections, [...path, index]),
      );
    const named = getNamedType(type);
    if (isAbstractType(named)) {
      const possible = random.pick(schema.getPossibleTypes(named));
      return object(possible.name, selections, path);
    }
    if (isObjectType(named)) return object(named.name, selections, path);
    if (isEnumType(named)) return random.pick(named.getValues()).name;
    switch (named.name) {
      case 'Int':
        return random.below(100);
      case 'Float':
        return random.below(100) / 4;
      case 'Boolean':
        return random.chance(0.5);
      case 'JSON':
        return random.pick([{ a: [1, 'two\t'] }, 'text', 0, [null]]);
      default:
        return random.pick(texts);
    }
  };
  return { object, fill };
}
