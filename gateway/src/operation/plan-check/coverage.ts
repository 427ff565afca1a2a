import type { ResponsePath } from '@apollo/query-planner';

/** What fetches bring to one place of the response. */
export interface Coverage {
  readonly fields: Map<string, CoveredField>;
}

/** What fetches bring under one response key. */
export interface CoveredField {
  /** The object types whose field is fetched, each with the types that it can have as a value; undefined for leaves. */
  readonly holders: Map<string, ReadonlySet<string> | undefined>;
  readonly within: Coverage;
}

/** Finds the place that a Flatten node's path leads to. */
export function placeAt(root: Coverage, path: ResponsePath): Coverage {
  let place = root;
  for (const step of path) {
    if (step !== '@') place = fieldAt(place, String(step)).within;
  }
  return place;
}

/** Finds what is fetched under a response key, to be added to. */
export function fieldAt({ fields }: Coverage, key: string): CoveredField {
  let field = fields.get(key);
  if (field === undefined) {
    field = { holders: new Map(), within: { fields: new Map() } };
    fields.set(key, field);
  }
  return field;
}

/** Which types a value can have that two fetches bring, by those that each of them knows. */
export type CombineTypes = (
  one: ReadonlySet<string>,
  other: ReadonlySet<string> | undefined,
) => ReadonlySet<string>;

/** Adds what one more fetch brings. */
export function merge(into: Coverage, from: Coverage, combine: CombineTypes): void {
  for (const [key, { holders, within }] of from.fields) {
    const field = fieldAt(into, key);
    for (const [holder, values] of holders) {
      const known = field.holders.get(holder);
      field.holders.set(holder, known === undefined ? values : combine(known, values));
    }
    merge(field.within, within, combine);
  }
}

/** @param other undefined when it says nothing of types. */
export const intersection: CombineTypes = (one, other) =>
  other === undefined ? one : new Set([...one].filter((name) => other.has(name)));

export const union: CombineTypes = (one, other) => (other === undefined ? one : new Set([...one, ...other]));
