import {
  baseType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  type Schema,
  type Type,
} from '@apollo/federation-internals';
import type { FetchDataRewrite, FetchNode, QueryPlan } from '@apollo/query-planner';
import {
  Kind,
  print,
  stripIgnoredCharacters,
  visit,
  type DocumentNode,
  type FieldNode,
  type SelectionSetNode,
} from 'graphql';
import { fetchDocument } from '../../operation/fetch-document.ts';
import { mapFetches } from './map-fetches.ts';

/**
 * Gives fields of a fetch different keys that its subgraph would refuse under one (GraphQL specification, section 5.3.2): the client asks for a field of an interface, the
 * planner asks some of its types instead, and one of these promises more, `Int!` for `Int`.
 */
export function separateConflictingFields(
  plan: QueryPlan,
  subgraphSchemas: ReadonlyMap<string, Schema>,
): QueryPlan {
  return mapFetches(plan, (node) => {
    const schema = subgraphSchemas.get(node.serviceName);
    return [schema === undefined ? node : separateFields(node, schema)];
  });
}

/** Selections of one object: under each type that it may be of. */
interface Scope {
  readonly parent: string;
  readonly set: SelectionSetNode;
}

function separateFields(node: FetchNode, schema: Schema): FetchNode {
  const { operation, fragments } = fetchDocument(node);
  const keys = new Map<FieldNode, string>();
  const rewrites: FetchDataRewrite[] = [];
  const visitScopes = (scopes: readonly Scope[], path: readonly string[]): void => {
    /** Of each response key, the scopes within its fields, by the shape of their type. */
    const shapes = new Map<string, Map<string, Scope[]>>();
    const collect = ({ parent, set }: Scope): void => {
      for (const selection of set.selections) {
        if (selection.kind === Kind.FIELD) {
          if (selection.name.value === '__typename') continue;
          const type = fieldType(schema, parent, selection.name.value);
          if (type === undefined) continue;
          const key = selection.alias?.value ?? selection.name.value;
          const shape = shapeOf(type);
          const known = shapes.get(key) ?? new Map<string, Scope[]>();
          shapes.set(key, known);
          const within = known.get(shape) ?? [];
          known.set(shape, within);
          const index = [...known.keys()].indexOf(shape);
          if (index > 0) keys.set(selection, `${key}__shape${index}`);
          if (selection.selectionSet !== undefined)
            within.push({ parent: baseType(type).name, set: selection.selectionSet });
        } else if (selection.kind === Kind.INLINE_FRAGMENT) {
          collect({ parent: selection.typeCondition?.name.value ?? parent, set: selection.selectionSet });
        } else {
          const fragment = fragments.find(({ name }) => name.value === selection.name.value);
          if (fragment !== undefined)
            collect({ parent: fragment.typeCondition.name.value, set: fragment.selectionSet });
        }
      }
    };
    scopes.forEach(collect);
    for (const [key, known] of shapes) {
      for (const [index, within] of [...known.values()].entries()) {
        const own = index === 0 ? key : `${key}__shape${index}`;
        visitScopes(within, [...path, own]);
        // What is inside has to be found under the name that the field has until then.
        if (index > 0) rewrites.push({ kind: 'KeyRenamer', path: [...path, own], renameKeyTo: key });
      }
    }
  };
  const root = schema.schemaDefinition.rootType(operation.operation)?.name ?? '';
  if (node.requires === undefined) visitScopes([{ parent: root, set: operation.selectionSet }], []);
  else {
    const entities = operation.selectionSet.selections.flatMap((selection) =>
      selection.kind === Kind.FIELD && selection.selectionSet !== undefined
        ? [{ parent: '', set: selection.selectionSet }]
        : [],
    );
    visitScopes(entities, []);
  }
  if (keys.size === 0) return node;
  const document: DocumentNode = { kind: Kind.DOCUMENT, definitions: [operation, ...fragments] };
  const separated = visit(document, {
    // On the way in: fields that have changed within are no longer the ones that were looked at.
    Field: {
      enter(field): FieldNode | undefined {
        const key = keys.get(field);
        return key === undefined ? undefined : { ...field, alias: { kind: Kind.NAME, value: key } };
      },
    },
  });
  const { operationDocumentNode: _, ...rest } = node;
  return {
    ...rest,
    operation: stripIgnoredCharacters(print(separated)),
    outputRewrites: [...(node.outputRewrites ?? []), ...rewrites],
  };
}

function fieldType(schema: Schema, parent: string, field: string): Type | undefined {
  const type = schema.type(parent);
  if (type === undefined || !(isObjectType(type) || isInterfaceType(type))) return undefined;
  return type.field(field)?.type;
}

/** What has to be the same for two fields to share a key: lists, non-nulls, and the type of a leaf. */
function shapeOf(type: Type): string {
  const base = baseType(type);
  const text = type.toString();
  return isLeafType(base) ? text : text.replace(base.name, '');
}
