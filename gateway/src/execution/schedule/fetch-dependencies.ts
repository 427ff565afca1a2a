import type { OperationTypeNode } from 'graphql';
import { anyField, type FetchedFields } from './fetched-fields.ts';
import type { PlanFetch } from './plan-fetches.ts';

/**
 * Which fetches have to be done before each one begins: of those that the plan puts before it, the ones whose data it needs, or whose data
 * would otherwise be written in another order. Plans put more in sequence than that.
 *
 * A mutation keeps the order of its plan: there, fetches have effects that the response does not show.
 * @returns undefined when fetches that the plan executes side by side put different fields in one place. Who reads what is then a matter of
 * timing, and the plan's own is left alone.
 */
export function fetchDependencies(
  kind: `${OperationTypeNode}`,
  fetches: readonly PlanFetch[],
  fields: readonly FetchedFields[],
): readonly ReadonlySet<number>[] | undefined {
  if (kind === 'mutation') return fetches.map(({ after }) => after);
  const dependencies: Set<number>[] = [];
  for (const [index, { after }] of fetches.entries()) {
    const own = new Set<number>();
    for (let other = 0; other < index; other++) {
      if (after.has(other)) {
        if (meet(fields[other]!, fields[index]!)) own.add(other);
      } else if (clash(fields[other]!, fields[index]!)) return undefined;
    }
    dependencies.push(own);
  }
  for (const [index, { reads }] of fields.entries()) {
    const { after } = fetches[index]!;
    // What it reads has no writer among those before it: the reading above has missed something, and the plan knows better.
    const explained = [...reads.keys()].every((place) =>
      [...after].some((other) => fields[other]!.writes.has(place)),
    );
    if (!explained) for (const other of after) dependencies[index]!.add(other);
  }
  return dependencies;
}

/** Whether what one fetch writes is read or written by the other too. */
function meet(first: FetchedFields, second: FetchedFields): boolean {
  return (
    common(first.writes, second.reads) ||
    common(first.reads, second.writes) ||
    // Every fetch may say what an object is, and all say the same.
    common(first.writes, second.writes, (place) => !place.endsWith('__typename'))
  );
}

function common(
  one: ReadonlyMap<string, string>,
  other: ReadonlyMap<string, string>,
  counts: (place: string) => boolean = () => true,
): boolean {
  for (const place of one.keys()) if (other.has(place) && counts(place)) return true;
  return false;
}

/** Whether one fetch writes a place that the other has a different field in. */
function clash(first: FetchedFields, second: FetchedFields): boolean {
  return (
    differ(first.writes, second.writes) ||
    differ(first.writes, second.reads) ||
    differ(second.writes, first.reads)
  );
}

function differ(writes: ReadonlyMap<string, string>, others: ReadonlyMap<string, string>): boolean {
  for (const [place, field] of writes) {
    const other = others.get(place);
    if (other !== undefined && other !== anyField && other !== field) return true;
  }
  return false;
}
