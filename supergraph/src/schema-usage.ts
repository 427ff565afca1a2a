import {
  getNamedType,
  isInputObjectType,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql';
import type { SchemaChange } from './schema-changes.ts';

/** The parts of a schema that an operation stands on. */
export interface SchemaUsage {
  /** Schema coordinates: `Product`, `Product.stock`, `Query.products.sort`. */
  readonly parts: ReadonlySet<string>;
}

/**
 * Finds out which parts of a schema an operation uses. Input types are used whole: what a variable will hold is not in the text.
 */
export function usageOf(schema: GraphQLSchema, document: DocumentNode): SchemaUsage {
  const parts = new Set<string>();
  const types = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(types, {
      Field(node) {
        const parent = types.getParentType();
        if (parent == null) return;
        parts.add(`${parent.name}.${node.name.value}`);
        addType(getNamedType(types.getType()), parts);
        addType(parent, parts);
      },
      Argument(node) {
        const parent = types.getParentType();
        const field = types.getFieldDef();
        if (parent != null && field != null) parts.add(`${parent.name}.${field.name}.${node.name.value}`);
        addType(getNamedType(types.getInputType()), parts);
      },
      NamedType(node) {
        addType(schema.getType(node.name.value), parts);
      },
    }),
  );
  return { parts };
}

/** Whether whoever sends the operation can notice the change. */
export function isTouchedBy({ parts }: SchemaUsage, { kind, path }: SchemaChange): boolean {
  const [type = '', member, argument] = path.split('.');
  if (argument !== undefined && !argument.startsWith('@')) {
    const fieldUsed = parts.has(`${type}.${member}`);
    const supplied = parts.has(`${type}.${member}.${argument}`);
    // A default matters to those who leave the argument out, an addition to everyone, all else to those who send it.
    if (kind === 'FIELD_ARGUMENT_DEFAULT_CHANGED') return fieldUsed && !supplied;
    return kind === 'FIELD_ARGUMENT_ADDED' ? fieldUsed : supplied;
  }
  if (member === undefined || !kind.startsWith('FIELD_')) return parts.has(type);
  return parts.has(`${type}.${member}`);
}

function addType(type: GraphQLNamedType | null | undefined, parts: Set<string>): void {
  if (type == null || parts.has(type.name)) return;
  parts.add(type.name);
  if (!isInputObjectType(type)) return;
  for (const field of Object.values(type.getFields())) addType(getNamedType(field.type), parts);
}
