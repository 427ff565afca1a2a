import type { FetchNode, QueryPlanSelectionNode } from '@apollo/query-planner';
import {
  Kind,
  parse,
  print,
  stripIgnoredCharacters,
  visit,
  type DocumentNode,
  type FieldNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { requiringField, type StandIns } from './stand-in-fields.ts';

/**
 * Divides a fetch of entities whose fields require one field with different arguments: a representation has only one place for its
 * value. Each part selects fields that agree, and represents the entities with what these require.
 * @returns the fetch itself, alone, when its fields agree.
 */
export function splitConflictingRequirements(node: FetchNode, standIns: StandIns): readonly FetchNode[] {
  const rivals = rivalsOf(node.requires ?? [], standIns);
  if (rivals.size === 0) return [node];
  const document = parse(node.operation, { noLocation: true });
  const parts: Set<string>[] = [];
  const partOf = new Map<FieldNode, number>();
  forEachEntityField(document, (field, type) => {
    const required = requiredOf(node.serviceName, type, field, standIns);
    let index = parts.findIndex((part) => agrees(required, part, rivals));
    if (index === -1) index = parts.push(new Set()) - 1;
    for (const standIn of required) parts[index]!.add(standIn);
    partOf.set(field, index);
  });
  return parts.map((required, index) => {
    const without = (name: string): boolean => rivals.has(name) && !required.has(name);
    return selectPart(
      node,
      document,
      (field) => (partOf.get(field) ?? index) === index,
      withoutFields(node.requires ?? [], without),
    );
  });
}

/** Which stand-ins of a representation would have to have the same place in it, by name. */
function rivalsOf(
  requires: readonly QueryPlanSelectionNode[],
  standIns: StandIns,
): Map<string, ReadonlySet<string>> {
  const byPlace = new Map<string, Set<string>>();
  const collect = (selections: readonly QueryPlanSelectionNode[], path: string): void => {
    for (const selection of selections) {
      if (selection.kind === 'InlineFragment') {
        collect(selection.selections, path);
        continue;
      }
      const real = standIns.byName.get(selection.name);
      const place = `${path}.${real?.name ?? selection.alias ?? selection.name}`;
      if (real !== undefined) byPlace.set(place, (byPlace.get(place) ?? new Set()).add(selection.name));
      collect(selection.selections ?? [], place);
    }
  };
  collect(requires, '');
  const rivals = new Map<string, Set<string>>();
  for (const names of byPlace.values()) {
    if (names.size < 2) continue;
    for (const name of names) rivals.set(name, new Set([...(rivals.get(name) ?? []), ...names]));
  }
  return rivals;
}

function agrees(
  required: ReadonlySet<string>,
  part: ReadonlySet<string>,
  rivals: ReadonlyMap<string, ReadonlySet<string>>,
): boolean {
  return [...required].every((name) =>
    [...(rivals.get(name) ?? [])].every((rival) => rival === name || !part.has(rival)),
  );
}

function requiredOf(
  subgraph: string,
  type: string,
  field: FieldNode,
  standIns: StandIns,
): ReadonlySet<string> {
  const name = standIns.byName.get(field.name.value)?.name ?? field.name.value;
  return standIns.requiredBy.get(requiringField(subgraph, type, name)) ?? new Set();
}

/** Calls back for the fields that a fetch selects of entities, with the type that it selects them on. */
function forEachEntityField(
  document: DocumentNode,
  visitField: (field: FieldNode, type: string) => void,
): void {
  const collect = (set: SelectionSetNode | undefined, type: string): void => {
    for (const selection of set?.selections ?? []) {
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        collect(selection.selectionSet, selection.typeCondition?.name.value ?? type);
      } else if (selection.kind === Kind.FIELD && selection.name.value !== '__typename') {
        visitField(selection, type);
      }
    }
  };
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    for (const selection of definition.selectionSet.selections) {
      if (selection.kind === Kind.FIELD) collect(selection.selectionSet, '');
    }
  }
}

function selectPart(
  node: FetchNode,
  document: DocumentNode,
  isSelected: (field: FieldNode) => boolean,
  requires: QueryPlanSelectionNode[],
): FetchNode {
  const keep = (set: SelectionSetNode): SelectionSetNode => ({
    ...set,
    selections: set.selections.flatMap((selection): SelectionNode[] => {
      if (selection.kind !== Kind.INLINE_FRAGMENT) {
        return selection.kind === Kind.FIELD && !isSelected(selection) ? [] : [selection];
      }
      const kept = { ...selection, selectionSet: keep(selection.selectionSet) };
      return isEmpty(kept.selectionSet.selections) ? [] : [kept];
    }),
  });
  const selected: DocumentNode = {
    ...document,
    definitions: document.definitions.map((definition) =>
      definition.kind !== Kind.OPERATION_DEFINITION
        ? definition
        : {
            ...definition,
            selectionSet: {
              ...definition.selectionSet,
              selections: definition.selectionSet.selections.map((entities) =>
                entities.kind === Kind.FIELD && entities.selectionSet !== undefined
                  ? { ...entities, selectionSet: keep(entities.selectionSet) }
                  : entities,
              ),
            },
          },
    ),
  };
  const used = new Set<string>();
  visit(selected, {
    VariableDefinition: () => false,
    Variable: ({ name }) => void used.add(name.value),
  });
  const trimmed = visit(selected, {
    VariableDefinition: ({ variable }) => (used.has(variable.name.value) ? undefined : null),
  });
  const { operationDocumentNode: _, ...rest } = node;
  return {
    ...rest,
    operation: stripIgnoredCharacters(print(trimmed)),
    requires,
    ...(node.variableUsages === undefined
      ? {}
      : { variableUsages: node.variableUsages.filter((name) => used.has(name)) }),
    ...(node.contextRewrites === undefined
      ? {}
      : { contextRewrites: node.contextRewrites.filter(({ renameKeyTo }) => used.has(renameKeyTo)) }),
  };
}

/** A type condition under which nothing but the type's name is left selects nothing. */
function isEmpty(selections: readonly SelectionNode[]): boolean {
  return selections.every(
    (selection) => selection.kind === Kind.FIELD && selection.name.value === '__typename',
  );
}

function withoutFields(
  selections: readonly QueryPlanSelectionNode[],
  without: (name: string) => boolean,
): QueryPlanSelectionNode[] {
  return selections.flatMap((selection): QueryPlanSelectionNode[] => {
    if (selection.kind === 'Field' && without(selection.name)) return [];
    if (selection.selections === undefined) return [selection];
    const within = withoutFields(selection.selections, without);
    return within.length === 0 ? [] : [{ ...selection, selections: within }];
  });
}
