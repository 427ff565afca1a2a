import type { FetchDataRewrite, FetchNode, QueryPlan, QueryPlanSelectionNode } from '@apollo/query-planner';
import {
  Kind,
  parse,
  print,
  stripIgnoredCharacters,
  visit,
  type DocumentNode,
  type FieldNode,
} from 'graphql';
import { mapFetches } from './map-fetches.ts';
import { splitConflictingRequirements } from './split-requirements.ts';
import type { StandIns } from './stand-in-fields.ts';

/**
 * Puts the real fields in the place of stand-ins: subgraphs are asked for `weight__required0: weight(in: GRAMS)`, and representations have its value as `weight`. A
 * fetch that would need two values of one field becomes two fetches.
 */
export function restoreStandIns(plan: QueryPlan, standIns: StandIns): QueryPlan {
  if (standIns.byName.size === 0) return plan;
  return mapFetches(plan, (node) =>
    splitConflictingRequirements(node, standIns).map((part) => restoreFetch(part, standIns)),
  );
}

function restoreFetch(node: FetchNode, standIns: StandIns): FetchNode {
  const operation = restoreOperation(node.operation, standIns);
  const renames = standInRenames(node.requires ?? [], [], standIns);
  if (operation === node.operation && renames.length === 0) return node;
  // The document that the planner may have put beside the text has the stand-ins still.
  const { operationDocumentNode: _, ...rest } = node;
  return {
    ...rest,
    operation,
    // Before the planner's own, which may change the type that these go by.
    ...(renames.length === 0 ? {} : { inputRewrites: [...renames, ...(node.inputRewrites ?? [])] }),
  };
}

function restoreOperation(text: string, standIns: StandIns): string {
  let found = false;
  const document: DocumentNode = visit(parse(text, { noLocation: true }), {
    Field(field): FieldNode | undefined {
      const real = standIns.byName.get(field.name.value);
      if (real === undefined) return undefined;
      found = true;
      return {
        ...field,
        alias: field.alias ?? field.name,
        name: { kind: Kind.NAME, value: real.name },
        arguments: [...real.arguments, ...(field.arguments ?? [])],
      };
    },
  });
  return found ? stripIgnoredCharacters(print(document)) : text;
}

function standInRenames(
  selections: readonly QueryPlanSelectionNode[],
  path: readonly string[],
  standIns: StandIns,
): FetchDataRewrite[] {
  return selections.flatMap((selection): FetchDataRewrite[] => {
    if (selection.kind === 'InlineFragment') {
      const { typeCondition } = selection;
      const inside = typeCondition === undefined ? path : [...path, `... on ${typeCondition}`];
      return standInRenames(selection.selections, inside, standIns);
    }
    const key = selection.alias ?? selection.name;
    const within = standInRenames(selection.selections ?? [], [...path, key], standIns);
    const real = standIns.byName.get(selection.name);
    // What is inside has to be found under the name that the field has until then.
    return real === undefined
      ? within
      : [...within, { kind: 'KeyRenamer', path: [...path, key], renameKeyTo: real.name }];
  });
}
