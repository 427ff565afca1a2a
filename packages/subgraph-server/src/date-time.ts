import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';

/** The schemas' `DateTime`: a JavaScript Date inside, RFC 3339 in UTC with milliseconds outside. */
export const dateTimeScalar = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description: 'A moment in time, RFC 3339 in UTC: `2026-01-31T09:30:00.000Z`.',
  serialize(value) {
    if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString();
    throw new GraphQLError('DateTime can only be made from a valid Date');
  },
  parseValue: read,
  parseLiteral: (node) => read(node.kind === Kind.STRING ? node.value : undefined),
});

function read(value: unknown): Date {
  const isForm =
    typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value);
  const date = isForm ? new Date(value) : undefined;
  if (date === undefined || Number.isNaN(date.getTime())) {
    throw new GraphQLError('DateTime must be a moment in RFC 3339, like 2026-01-31T09:30:00Z');
  }
  return date;
}
