import type { Operation } from '../data-set.ts';

/** A subgraph of the generated graph. */
export interface GeneratedSubgraph {
  readonly name: string;
  readonly schema: string;
}

/**
 * A graph as a large organisation has it: each subgraph owns a type, adds fields to two types of others, and one type is known to all
 * of them, each of which adds a field.
 */
export function generateSubgraphs(count: number): readonly GeneratedSubgraph[] {
  return Array.from({ length: count }, (_, own) => {
    const next = (own + 1) % count;
    const far = (own + 7) % count;
    return {
      name: `team${own}`,
      schema: `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])

type Query { thing${own}: Thing${own} }

type Thing${own} @key(fields: "id") {
  id: ID!
  name${own}: String
  size${own}: Int
  next: Thing${next}
  owner: Person
}

type Thing${next} @key(fields: "id") { id: ID! rating${own}: Int }

type Thing${far} @key(fields: "id") { id: ID! remark${own}: String }

type Person @key(fields: "id") { id: ID! badge${own}: String }
`,
    };
  });
}

/** How far a query of the generated graph goes. */
const steps = 12;

/**
 * A query through the subgraphs of twelve teams.
 * @param serial makes it another operation that does the same: its name and its aliases have it.
 */
export function generateQuery(count: number, serial: number): Operation {
  const fieldsFrom = (at: number, left: number): string => {
    const [own, before, farBefore] = [at % count, (at + count - 1) % count, (at + count - 7) % count];
    const rest = left === 0 ? '' : ` next { ${fieldsFrom(own + 1, left - 1)} }`;
    return `id name${own} size${own} rating${before} remark${farBefore} owner { id badge${farBefore} }${rest}`;
  };
  return {
    name: `wide${serial}`,
    query: `query Wide${serial} { a${serial}: thing0 { ${fieldsFrom(0, steps - 1)} } }`,
  };
}
