import {
  getNamedType,
  getNullableType,
  isLeafType,
  isListType,
  isObjectType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type SelectionNode,
} from 'graphql';

/** Functions, one for each selection of a query, that keep of an object what the query selects, in its order. */
export interface Projection {
  readonly functions: string;
  /** Calls the function of the whole query. */
  call(expression: string): string;
}

/** @throws Error for fields of abstract types and for `@skip` and `@include`. */
export function writeProjection(schema: GraphQLSchema, document: DocumentNode): Projection {
  const functions: string[] = [];
  const operation = document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const queryType = schema.getQueryType();
  if (operation === undefined || queryType == null) throw new Error('there is no query');
  const root = writeObject(queryType, operation.selectionSet.selections);
  return { functions: functions.join('\n'), call: (expression) => `${root}(${expression})` };

  function writeObject(type: GraphQLObjectType, selections: readonly SelectionNode[]): string {
    const members = [...fieldsByName(type, selections)].map(([name, fields]) => {
      const value = `value.${name}`;
      const fieldName = fields[0]!.name.value;
      if (fieldName === '__typename') return `${name}: ${JSON.stringify(type.name)}`;
      const fieldType = type.getFields()[fieldName]!.type;
      const named = getNamedType(fieldType);
      if (isLeafType(named)) return `${name}: ${value}`;
      if (!isObjectType(named)) throw new Error('the proxy is written for queries without abstract types');
      const inner = writeObject(
        named,
        fields.flatMap((field) => field.selectionSet?.selections ?? []),
      );
      return `${name}: ${writeValue(fieldType, value, inner)}`;
    });
    const self = `select${functions.length}`;
    functions.push(`  function ${self}(value) { return value == null ? null : { ${members.join(', ')} }; }`);
    return self;
  }

  function fieldsByName(
    type: GraphQLObjectType,
    selections: readonly SelectionNode[],
    found = new Map<string, FieldNode[]>(),
  ): Map<string, FieldNode[]> {
    for (const each of selections) {
      if (each.directives?.length) throw new Error('the proxy is written for queries without directives');
      if (each.kind === Kind.FIELD) {
        const name = (each.alias ?? each.name).value;
        found.set(name, [...(found.get(name) ?? []), each]);
        continue;
      }
      const fragment =
        each.kind === Kind.INLINE_FRAGMENT
          ? each
          : document.definitions.find(
              (definition) =>
                definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === each.name.value,
            );
      if (fragment === undefined || !('selectionSet' in fragment) || fragment.selectionSet === undefined) {
        throw new Error('the query has a fragment that is nowhere');
      }
      fieldsByName(type, fragment.selectionSet.selections, found);
    }
    return found;
  }
}

function writeValue(type: GraphQLOutputType, value: string, inner: string): string {
  const nullable = getNullableType(type);
  if (!isListType(nullable)) return `${inner}(${value})`;
  const item = nullable.ofType;
  const of = isListType(getNullableType(item)) ? `(item) => ${writeValue(item, 'item', inner)}` : inner;
  return `${value} == null ? null : ${value}.map(${of})`;
}
