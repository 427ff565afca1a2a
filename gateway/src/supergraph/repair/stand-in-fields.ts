import {
  Kind,
  print,
  type ConstArgumentNode,
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type NameNode,
  type SelectionSetNode,
  type TypeNode,
} from 'graphql';
import { isFielded, joinsOf, parseFieldSet, printFieldSet, textOf, type FieldedType } from './field-sets.ts';

/** What a stand-in field stands for. */
export interface RequiredField {
  readonly name: string;
  readonly arguments: readonly ConstArgumentNode[];
}

/** The fields that a supergraph got for its planner alone. */
export interface StandIns {
  readonly byName: ReadonlyMap<string, RequiredField>;
  /** The stand-ins that a field requires, by `requiringField`. */
  readonly requiredBy: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Names a field of a subgraph. */
export function requiringField(subgraph: string, type: string, field: string): string {
  return `${subgraph} ${type}.${field}`;
}

/**
 * Gives every field with arguments that a `@requires` selects a stand-in: a field without arguments, of the same type and in the same subgraphs,
 * for these arguments alone. The planner goes by response keys, of which `weight` has one: what the client asks as `weight(in: POUNDS)`, or another `@requires` does,
 * would silently take the place of what is required as `weight(in: GRAMS)`. `restoreStandIns` puts the real fields back into plans.
 */
export function separateRequiredArguments(document: DocumentNode): {
  readonly document: DocumentNode;
  readonly standIns: StandIns;
} {
  const types = new Map<string, FieldedType>();
  for (const definition of document.definitions) {
    if (isFielded(definition)) types.set(definition.name.value, definition);
  }
  const taken = new Set(
    [...types.values()].flatMap(({ fields = [] }) => fields.map(({ name }) => name.value)),
  );
  const byName = new Map<string, RequiredField>();
  const names = new Map<string, string>();
  /** Where stand-ins are needed, by type. */
  const needed = new Map<string, Set<string>>();
  const requiredBy = new Map<string, Set<string>>();

  const standInFor = (field: RequiredField): string => {
    const text = `${field.name}(${field.arguments
      .map((argument) => print(argument))
      .sort()
      .join(',')})`;
    let name = names.get(text);
    if (name !== undefined) return name;
    for (let number = names.size; name === undefined || taken.has(name); number++) {
      name = `${field.name}__required${number}`;
    }
    taken.add(name);
    names.set(text, name);
    byName.set(name, field);
    return name;
  };
  const separate = (set: SelectionSetNode, parent: string, used: Set<string>): SelectionSetNode => ({
    ...set,
    selections: set.selections.map((selection) => {
      if (selection.kind === Kind.FRAGMENT_SPREAD) return selection;
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        const condition = selection.typeCondition?.name.value ?? parent;
        return { ...selection, selectionSet: separate(selection.selectionSet, condition, used) };
      }
      const definition = types.get(parent)?.fields?.find(({ name }) => name.value === selection.name.value);
      const within =
        selection.selectionSet === undefined || definition === undefined
          ? selection
          : {
              ...selection,
              selectionSet: separate(selection.selectionSet, namedType(definition.type), used),
            };
      if ((definition?.arguments?.length ?? 0) === 0) return within;
      const standIn = standInFor({
        name: selection.name.value,
        arguments: (selection.arguments ?? []) as readonly ConstArgumentNode[],
      });
      used.add(standIn);
      for (const type of [parent, ...implementersOf(types, parent)]) {
        needed.set(type, (needed.get(type) ?? new Set()).add(standIn));
      }
      return { ...within, name: nameNode(standIn), arguments: [] };
    }),
  });

  const subgraphNames = readSubgraphNames(document);
  const separated = document.definitions.map((definition) => {
    if (!isFielded(definition)) return definition;
    const type = definition.name.value;
    const fields = definition.fields?.map((field) => {
      const directives = field.directives?.map((join) => {
        const requires = join.name.value === 'join__field' ? textOf(join, 'requires') : undefined;
        if (requires === undefined) return join;
        const used = new Set<string>();
        const set = separate(parseFieldSet(requires), type, used);
        if (used.size === 0) return join;
        const subgraph = subgraphNames.get(textOf(join, 'graph') ?? '') ?? '';
        requiredBy.set(requiringField(subgraph, type, field.name.value), used);
        return withText(join, 'requires', printFieldSet(set));
      });
      return { ...field, ...(directives === undefined ? {} : { directives }) };
    });
    return { ...definition, ...(fields === undefined ? {} : { fields }) };
  });
  if (byName.size === 0) return { document, standIns: { byName, requiredBy } };
  const definitions = separated.map((definition) =>
    isFielded(definition) ? withStandIns(definition, needed.get(definition.name.value), byName) : definition,
  );
  return { document: { ...document, definitions }, standIns: { byName, requiredBy } };
}

function withStandIns(
  type: FieldedType,
  needed: ReadonlySet<string> | undefined,
  byName: ReadonlyMap<string, RequiredField>,
): FieldedType {
  const standIns = [...(needed ?? [])].flatMap((name): FieldDefinitionNode[] => {
    const original = type.fields?.find((field) => field.name.value === byName.get(name)?.name);
    if (original === undefined) return [];
    return [{ ...original, name: nameNode(name), arguments: [], directives: joinsOf(original, 'field') }];
  });
  return standIns.length === 0 ? type : { ...type, fields: [...(type.fields ?? []), ...standIns] };
}

/** A fragment on an interface may be planned type by type, so the types need the stand-in too. */
function implementersOf(types: ReadonlyMap<string, FieldedType>, name: string): string[] {
  return [...types.values()]
    .filter(({ interfaces = [] }) => interfaces.some((implemented) => implemented.name.value === name))
    .map((type) => type.name.value);
}

/** What subgraphs are called, by the value that `join__Graph` has for them. */
function readSubgraphNames(document: DocumentNode): Map<string, string> {
  const names = new Map<string, string>();
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.ENUM_TYPE_DEFINITION || definition.name.value !== 'join__Graph') continue;
    for (const value of definition.values ?? []) {
      const graph = value.directives?.find(({ name }) => name.value === 'join__graph');
      if (graph !== undefined) names.set(value.name.value, textOf(graph, 'name') ?? value.name.value);
    }
  }
  return names;
}

function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
}

function nameNode(value: string): NameNode {
  return { kind: Kind.NAME, value };
}

function withText(directive: ConstDirectiveNode, name: string, value: string): ConstDirectiveNode {
  return {
    ...directive,
    arguments: (directive.arguments ?? []).map((argument) =>
      argument.name.value === name ? { ...argument, value: { kind: Kind.STRING, value } } : argument,
    ),
  };
}
