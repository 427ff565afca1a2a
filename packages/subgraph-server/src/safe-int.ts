import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';

/**
 * The schemas' `SafeInt`: a whole number that JavaScript, and so JSON, holds exactly. It is for what is added up, where the 32 bits of
 * `Int` end too soon: in cents at 21 million. What lies beyond is refused as OUT_OF_RANGE and never rounded.
 */
export const safeIntScalar = new GraphQLScalarType<number, number>({
  name: 'SafeInt',
  description: 'A whole number from -(2^53 - 1) to 2^53 - 1, which JavaScript and JSON hold exactly.',
  serialize: read,
  parseValue: read,
  parseLiteral: (node) => read(node.kind === Kind.INT ? Number(node.value) : undefined),
});

function read(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw new GraphQLError('SafeInt must be a whole number from -(2^53 - 1) to 2^53 - 1', {
    extensions: { code: 'OUT_OF_RANGE' },
  });
}
