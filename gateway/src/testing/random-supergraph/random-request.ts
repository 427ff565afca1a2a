import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInputObjectType,
  isListType,
  isNonNullType,
  parse,
  validate,
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import { createRandom, type Random } from '../random.ts';

/** An operation with values for its variables. */
export interface RandomRequest {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Names that plans use themselves, and names that objects have anyway. */
const aliases = ['id', 'code', 'spot', '__typename', 'e0f0', 'v0f0', 'constructor', '__proto__', 'x'];

/** A valid request with fragments, variables, conditions, arguments, aliases and fields asked for twice; the same one for a seed. */
export function randomRequest(schema: GraphQLSchema, seed: number): RandomRequest {
  for (let attempt = 0; ; attempt++) {
    // Aliases that are no longer unique may clash; after a few such, each gets a number.
    const request = makeRequest(schema, createRandom(seed + attempt), attempt > 3);
    if (validate(schema, parse(request.query)).length === 0) return request;
    if (attempt > 12) return { query: '{ __typename }', variables: {} };
  }
}

interface Making {
  readonly schema: GraphQLSchema;
  readonly random: Random;
  readonly numbered: boolean;
  readonly fragments: string[];
  readonly variables: Map<string, { readonly type: string; readonly value: unknown }>;
  count: number;
}

function makeRequest(schema: GraphQLSchema, random: Random, numbered: boolean): RandomRequest {
  const making: Making = { schema, random, numbered, fragments: [], variables: new Map(), count: 0 };
  const mutation = schema.getMutationType();
  const root = mutation && random.chance(0.1) ? mutation : schema.getQueryType()!;
  const selections = selectionsOf(making, root, 2 + random.below(3), true);
  const used = [...making.variables];
  const declared = used.map(([name, { type }]) => `$${name}: ${type}`).join(', ');
  const kind = root === mutation ? 'mutation' : 'query';
  const head = `${kind} Q${declared === '' ? '' : `(${declared})`}`;
  return {
    query: `${head} { ${selections} }\n${making.fragments.join('\n')}`,
    variables: Object.fromEntries(
      used.flatMap(([name, { value }]) => (value === undefined ? [] : [[name, value]])),
    ),
  };
}

function selectionsOf(
  making: Making,
  type: GraphQLCompositeType,
  depth: number,
  isRoot: boolean,
  plain = false,
): string {
  const { random, schema } = making;
  const parts: string[] = [];
  if (!plain && random.chance(0.25)) parts.push(random.chance(0.8) ? '__typename' : 'kind: __typename');
  const fields = 'getFields' in type ? Object.values((type as GraphQLObjectType).getFields()) : [];
  for (const field of fields) {
    const named = getNamedType(field.type);
    if (field.name.startsWith('_') || (isCompositeType(named) && depth === 0)) continue;
    const times = random.chance(isRoot ? 0.3 : 0.4) ? (random.chance(0.1) ? 2 : 1) : 0;
    for (let time = 0; time < times; time++) {
      const within = isCompositeType(named) ? ` { ${selectionsOf(making, named, depth - 1, false)} }` : '';
      parts.push(
        `${aliasFor(making)}${field.name}${argumentsOf(making, field.args)}${condition(making)}${within}`,
      );
    }
  }
  if (isAbstractType(type) && !plain) {
    for (const possible of schema.getPossibleTypes(type)) {
      if (random.chance(0.5)) parts.push(fragmentOn(making, possible, depth - 1));
    }
    const other = Object.values(schema.getTypeMap()).find(
      (candidate) =>
        candidate !== type &&
        isAbstractType(candidate) &&
        !candidate.name.startsWith('_') &&
        random.chance(0.4),
    );
    if (isAbstractType(other) && overlap(schema, type, other))
      parts.push(fragmentOn(making, other, depth - 1));
  } else if (!isRoot && !plain && random.chance(0.15)) parts.push(fragmentOn(making, type, depth - 1));
  return parts.length > 0 ? parts.join(' ') : '__typename';
}

function overlap(schema: GraphQLSchema, one: GraphQLCompositeType, other: GraphQLCompositeType): boolean {
  if (!isAbstractType(one) || !isAbstractType(other)) return false;
  return schema.getPossibleTypes(one).some((type) => schema.getPossibleTypes(other).includes(type));
}

function fragmentOn(making: Making, type: GraphQLCompositeType, depth: number): string {
  const { random, fragments } = making;
  const inner = selectionsOf(making, type, Math.max(0, depth), false);
  if (random.chance(0.75)) return `... on ${type.name}${condition(making)} { ${inner} }`;
  const name = `F${fragments.length}`;
  fragments.push(`fragment ${name} on ${type.name} { ${inner} }`);
  return `...${name}${condition(making)}`;
}

function aliasFor(making: Making): string {
  const { random } = making;
  if (!random.chance(0.2)) return '';
  making.count += 1;
  return `${random.pick(aliases)}${making.numbered || random.chance(0.5) ? making.count : ''}: `;
}

function condition({ random, variables }: Making): string {
  if (!random.chance(0.12)) return '';
  const name = `c${random.below(3)}`;
  const directive = random.chance(0.5) ? 'skip' : 'include';
  if (random.chance(0.15)) return ` @${directive}(if: ${String(random.chance(0.5))})`;
  if (!variables.has(name)) variables.set(name, { type: 'Boolean!', value: random.chance(0.6) });
  return ` @${directive}(if: $${name})`;
}

function argumentsOf(making: Making, args: readonly GraphQLArgument[]): string {
  const { random, variables } = making;
  const given = args.flatMap(({ name, type, defaultValue }) => {
    if (!random.chance(0.5)) return [];
    const value = inputValue(random, type, 2);
    if (!random.chance(0.4)) return [`${name}: ${literal(type, value)}`];
    const variable = `v${variables.size}`;
    const left = !isNonNullType(type) && defaultValue === undefined && random.chance(0.2);
    variables.set(variable, { type: String(type), value: left ? undefined : value });
    return [`${name}: $${variable}`];
  });
  return given.length === 0 ? '' : `(${given.join(', ')})`;
}

function inputValue(random: Random, type: GraphQLInputType, depth: number): unknown {
  if (isNonNullType(type)) {
    for (;;) {
      const value = inputValue(random, type.ofType, depth);
      if (value !== null) return value;
    }
  }
  if (random.chance(0.15)) return null;
  if (isListType(type)) return [inputValue(random, type.ofType, depth)];
  if (isInputObjectType(type)) {
    const entries = Object.values(type.getFields()).filter(() => random.chance(0.5) && depth > 0);
    return Object.fromEntries(
      entries.map((field) => [field.name, inputValue(random, field.type, depth - 1)]),
    );
  }
  if (type.name === 'Color') return random.pick(['RED', 'GREEN', 'BLUE']);
  return random.below(5);
}

function literal(type: GraphQLInputType, value: unknown): string {
  if (value === null) return 'null';
  if (isNonNullType(type)) return literal(type.ofType, value);
  if (isListType(type))
    return `[${(value as unknown[]).map((item) => literal(type.ofType, item)).join(', ')}]`;
  if (!isInputObjectType(type)) return typeof value === 'number' ? String(value) : (value as string);
  const fields = type.getFields();
  return `{ ${Object.entries(value as object)
    .map(([name, inner]) => `${name}: ${literal(fields[name]!.type, inner)}`)
    .join(', ')} }`;
}
