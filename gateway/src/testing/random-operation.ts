import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isRequiredArgument,
  type GraphQLCompositeType,
  type GraphQLSchema,
} from 'graphql';
import { createRandom, type Random } from './random.ts';

const aliases = ['id', 'name', 'title', 'x', 'constructor', '__proto__'];
const argument: Readonly<Record<string, string>> = {
  id: '"m1"',
  text: '"t"',
  input: '{ text: "a\\n" }',
};

/** A valid query with fragments, aliases and conditions on the variables `$yes` and `$no`; the same one for a seed. */
export function randomOperation(schema: GraphQLSchema, seed: number): string {
  const random = createRandom(seed);
  const selection = selectionOf(schema, schema.getQueryType()!, random, 4, { next: 0 });
  return `query($yes: Boolean = true, $no: Boolean = false) { a: version @include(if: $yes) b: version @skip(if: $no) ${selection} }`
    .replace('$yes: Boolean =', '$yes: Boolean! =')
    .replace('$no: Boolean =', '$no: Boolean! =');
}

function selectionOf(
  schema: GraphQLSchema,
  type: GraphQLCompositeType,
  random: Random,
  depth: number,
  names: { next: number },
): string {
  const parts: string[] = [];
  if (random.chance(0.4) || !('getFields' in type)) parts.push('__typename');
  for (const field of 'getFields' in type ? Object.values(type.getFields()) : []) {
    const named = getNamedType(field.type);
    if (!random.chance(0.4) || (isCompositeType(named) && depth === 0)) continue;
    if (field.args.some((arg) => isRequiredArgument(arg) && argument[arg.name] === undefined)) continue;
    const values = field.args.filter(isRequiredArgument).map(({ name }) => `${name}: ${argument[name]!}`);
    // An alias that no other selection of the operation has: fields of different types under one key would not be valid.
    names.next += 1;
    const alias = random.chance(0.2) ? `${random.pick(aliases)}${names.next}: ` : '';
    const condition = random.chance(0.15) ? random.pick([' @include(if: $yes)', ' @skip(if: $no)']) : '';
    const within = isCompositeType(named)
      ? ` { ${selectionOf(schema, named, random, depth - 1, names)} }`
      : '';
    parts.push(
      `${alias}${field.name}${values.length > 0 ? `(${values.join(', ')})` : ''}${condition}${within}`,
    );
  }
  if (isAbstractType(type) && depth > 0) {
    for (const possible of schema.getPossibleTypes(type)) {
      if (random.chance(0.4))
        parts.push(`... on ${possible.name} { ${selectionOf(schema, possible, random, 0, names)} }`);
    }
  }
  return parts.length > 0 ? parts.join(' ') : 't: __typename';
}
