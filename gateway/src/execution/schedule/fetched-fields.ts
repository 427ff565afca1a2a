import type { QueryPlanSelectionNode, ResponsePath } from '@apollo/query-planner';
import { Kind, print, type SelectionNode } from 'graphql';
import { fetchDocument } from '../../operation/fetch-document.ts';
import { renamedKeys } from '../provided-keys.ts';
import type { PlanFetch } from './plan-fetches.ts';

/**
 * Fields of the response by their place (the response keys from the root, without list indexes) with the field of the schema that stands there: its
 * name and arguments.
 */
export type Fields = ReadonlyMap<string, string>;

/** What a fetch needs of the response before it begins, and what it adds. Types are left out of account, so both are rather more than less. */
export interface FetchedFields {
  readonly reads: Fields;
  readonly writes: Fields;
  /** The places within `writes` that hold objects or lists of them. */
  readonly containers: ReadonlySet<string>;
}

export function fetchedFields(fetch: PlanFetch): FetchedFields {
  return { reads: readBy(fetch), ...writtenBy(fetch) };
}

/** @param steps of a plan, where `@` stands for every element of a list. */
function placeOf(steps: ResponsePath): string {
  return steps.filter((step) => step !== '@').join('\n');
}

function note(fields: Map<string, string>, place: string, field: string): void {
  const known = fields.get(place);
  // Types may have different fields under one key.
  fields.set(place, known === undefined || known === field ? field : `${known} | ${field}`);
}

function readBy({ node, at }: PlanFetch): Fields {
  const reads = new Map<string, string>();
  // The way to the targets; which field each step is has been decided by whoever wrote it.
  for (let length = 1; length <= at.length; length++) {
    const place = placeOf(at.slice(0, length));
    if (place !== '') reads.set(place, anyField);
  }
  const collect = (selections: readonly QueryPlanSelectionNode[], path: ResponsePath): void => {
    for (const selection of selections) {
      if (selection.kind === 'InlineFragment') collect(selection.selections, path);
      else {
        const here = [...path, selection.alias ?? selection.name];
        note(reads, placeOf(here), selection.name);
        collect(selection.selections ?? [], here);
      }
    }
  };
  collect(node.requires ?? [], at);
  return reads;
}

/** Stands for a field that is only passed through. */
export const anyField = '*';

function writtenBy({ node, at }: PlanFetch): Pick<FetchedFields, 'writes' | 'containers'> {
  const { operation, fragments } = fetchDocument(node);
  const renamed = renamedKeys(node);
  const writes = new Map<string, string>();
  const containers = new Set<string>();
  const collect = (selections: readonly SelectionNode[], path: ResponsePath): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet.selections, path);
      else if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments.find(({ name }) => name.value === selection.name.value);
        collect(fragment?.selectionSet.selections ?? [], path);
      } else if (node.requires !== undefined && selection.name.value === '_entities') {
        collect(selection.selectionSet?.selections ?? [], path);
      } else {
        const { name, alias, arguments: values = [], selectionSet } = selection;
        const key = alias?.value ?? name.value;
        const field = values.length === 0 ? name.value : `${name.value}(${values.map(print).join(',')})`;
        for (const written of new Set([key, renamed.get(key) ?? key])) {
          const here = [...path, written];
          note(writes, placeOf(here), field);
          if (selectionSet === undefined) continue;
          containers.add(placeOf(here));
          collect(selectionSet.selections, here);
        }
      }
    }
  };
  collect(operation.selectionSet.selections, at);
  return { writes, containers };
}
