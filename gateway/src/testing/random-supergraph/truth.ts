import { GraphQLError, Kind, parse, valueFromASTUntyped, type SelectionSetNode } from 'graphql';
import { createRandom, seedOf, type Random } from '../random.ts';
import {
  possibleTypes,
  type FieldModel,
  type GraphModel,
  type InterfaceModel,
  type TypeModel,
} from './model.ts';

/** An object of a made-up graph: all that it takes to know the values of its fields. */
export interface Thing {
  readonly type: string;
  readonly id: string;
}

/** How often resolvers fail, as a probability for each value. */
export interface Wrongness {
  readonly errors: number;
  /** Null where none may be. */
  readonly nulls: number;
}

/** What every field of every object is, whoever resolves it. */
export interface Truth {
  /** @throws GraphQLError for a field that fails; a list may hold such errors in the place of items. */
  value(thing: Thing, field: string, args: Readonly<Record<string, unknown>>): unknown;
  /** What `@requires` of a field would be given. */
  required(thing: Thing, requires: string): Record<string, unknown>;
  /** The value of a field that is made of what it requires. */
  madeOf(field: string, required: unknown): string;
  findField(type: string, field: string): FieldModel | undefined;
}

const texts = ['', 'a "quoted" one', 'line\nbreak', 'é😀', '\\', 'plain'];

export function createTruth(model: GraphModel, seed: number, wrongness: Wrongness): Truth {
  const fields = fieldsByType(model);
  const findField = (type: string, field: string): FieldModel | undefined => fields.get(type)?.get(field);

  const truth: Truth = {
    findField,
    value(thing, name, args) {
      const key = keyValue(thing, name);
      if (key !== undefined) return key;
      const field = findField(thing.type, name);
      if (field === undefined) throw new Error(`${thing.type} has no field ${name}`);
      if (field.requires !== undefined) return truth.madeOf(name, truth.required(thing, field.requires));
      const place = `${thing.type}:${thing.id}.${name}(${canonical(args)})`;
      const random = createRandom(seed ^ seedOf(place));
      const made = make(field, field.type, place, random);
      if (made instanceof Error) throw made;
      return made;
    },
    required(thing, requires) {
      const [definition] = parse(`{${requires}}`).definitions;
      if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error('not a field set');
      return select(thing, definition.selectionSet);
    },
    madeOf: (field, required) => `${field}=${canonical(required)}`,
  };

  const make = (field: FieldModel, type: TypeModel, place: string, random: Random): unknown => {
    const isStrict = field.strictIn !== undefined;
    if (!field.solid && !isStrict && random.chance(wrongness.errors))
      return new GraphQLError(`${field.name} failed`, { extensions: { code: 'FAILED' } });
    const empty = possibleTypes(model, field)?.length === 0;
    if (!type.nonNull && !isStrict && (random.chance(0.15) || (empty && type.kind === 'named'))) return null;
    if (type.nonNull && !field.solid && random.chance(wrongness.nulls)) return null;
    if (type.kind === 'list') {
      const length = empty && type.of.nonNull ? 0 : random.below(4);
      return Array.from({ length }, (_, index) => make(field, type.of, `${place}/${index}`, random));
    }
    return leaf(type.name, random) ?? reference(field, place, random);
  };
  const reference = (field: FieldModel, place: string, random: Random): Thing | null => {
    const possible = possibleTypes(model, field) ?? [];
    if (possible.length === 0) return null;
    const type = random.pick(possible);
    const isEntity = model.objects.some(({ kind, name }) => kind === 'entity' && name === type);
    return { type, id: isEntity ? `${type}-${random.below(3)}` : place };
  };
  const select = (thing: Thing, { selections }: SelectionSetNode): Record<string, unknown> => {
    const selected: Record<string, unknown> = {};
    for (const selection of selections) {
      if (selection.kind !== Kind.FIELD) continue;
      const name = selection.name.value;
      const given = Object.fromEntries(
        (selection.arguments ?? []).map(({ name: { value }, value: node }) => [
          value,
          valueFromASTUntyped(node),
        ]),
      );
      const args = { ...defaultsOf(findField(thing.type, name)?.args ?? ''), ...given };
      selected[name] = selectWithin(truth.value(thing, name, coerced(args)), selection.selectionSet);
    }
    return selected;
  };
  const selectWithin = (value: unknown, set: SelectionSetNode | undefined): unknown => {
    if (set === undefined || value === null) return value;
    if (Array.isArray(value)) return value.map((item) => selectWithin(item, set));
    return select(value as Thing, set);
  };
  return truth;
}

function fieldsByType(model: GraphModel): Map<string, Map<string, FieldModel>> {
  const fields = new Map<string, Map<string, FieldModel>>();
  const add = (type: string, own: readonly FieldModel[]): void => {
    fields.set(
      type,
      new Map([...(fields.get(type) ?? []), ...own.map((field) => [field.name, field] as const)]),
    );
  };
  add('Query', model.query);
  add('Mutation', model.mutation);
  for (const { name, fields: own } of model.objects) add(name, own);
  for (const { implementers, asObject } of model.interfaces) {
    for (const implementer of implementers) add(implementer, asObject?.fields ?? []);
  }
  return fields;
}

/** Keys tell which object it is, and the other way round. */
function keyValue({ type, id }: Thing, field: string): unknown {
  switch (field) {
    case 'id':
      return id;
    case 'code':
      return `code:${id}`;
    case 'tag':
      return Number(id.split('-')[1]) * 7;
    case 'spot':
      return { type: 'Spot', id };
    case 'row':
      return type === 'Spot' ? `row:${id}` : undefined;
    default:
      return undefined;
  }
}

/** Which object a representation means, by one of the keys that a subgraph resolves. @throws when it holds none of them. */
export function identify(
  representation: Readonly<Record<string, unknown>>,
  type: string,
  keys: readonly string[],
): Thing {
  const { id, code, tag, spot } = representation;
  const row = (spot as { row?: unknown } | undefined)?.row;
  const whose = (text: unknown): Thing => {
    if (typeof text !== 'string') throw new Error('a key is not a string');
    const own = text.replace(/^(code|row):/, '');
    return { type, id: own };
  };
  for (const key of keys) {
    if (key === 'id' && id !== undefined) return whose(id);
    if (key === 'code' && code !== undefined) return whose(code);
    if (key === 'code tag' && code !== undefined && tag !== undefined) return whose(code);
    if (key === 'spot { row }' && row !== undefined) return whose(row);
  }
  throw new Error(`no key of ${type} that is resolvable here: ${JSON.stringify(representation)}`);
}

/** The type of an object of an interface that is known by its id alone. */
export function typeOfId({ implementers }: InterfaceModel, id: string): string {
  const type = id.split('-')[0]!;
  if (!implementers.includes(type)) throw new Error(`${id} is not of the interface`);
  return type;
}

function leaf(name: string, random: Random): unknown {
  switch (name) {
    case 'Int':
      return random.below(100) - 20;
    case 'Float':
      return random.below(100) / 8;
    case 'Boolean':
      return random.chance(0.5);
    case 'ID':
    case 'String':
      return random.pick(texts);
    case 'Color':
      return random.pick(['RED', 'GREEN', 'BLUE']);
    case 'Blob':
      return random.pick([{ a: [1, 'two\t', null] }, 'text', 0, false, [null, {}]]);
    default:
      return undefined;
  }
}

/** Text that is the same for equal values. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

function defaultsOf(args: string): Record<string, unknown> {
  if (args === '(n: Int = 3)') return { n: 3 };
  if (args === '(n: Int! = 2, color: Color = RED)') return { n: 2, color: 'RED' };
  if (args === '(colors: [Color!] = [RED])') return { colors: ['RED'] };
  return {};
}

/** Input objects with their defaults, as servers coerce them. */
function coerced(args: Record<string, unknown>): Record<string, unknown> {
  const filter = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    const { not, ...rest } = value as Record<string, unknown>;
    return { least: 0, ...rest, ...(not === undefined ? {} : { not: filter(not) }) };
  };
  return 'filter' in args ? { ...args, filter: filter(args['filter']) } : args;
}
