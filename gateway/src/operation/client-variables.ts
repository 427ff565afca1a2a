import { visit, type DocumentNode } from 'graphql';

/** What the planner calls the variable of its own in each request for entities: a client's of that name would be declared a second time. */
const ofThePlanner = 'representations';

/** The client's names of variables by those in the plan, where they differ. Empty for nearly all operations. */
export type ClientVariables = ReadonlyMap<string, string>;

/** Renames the client's variable that clashes with the planner's. */
export function moveClashingVariables(document: DocumentNode): {
  readonly document: DocumentNode;
  readonly clientVariables: ClientVariables;
} {
  const names = new Set<string>();
  visit(document, { Variable: ({ name }) => void names.add(name.value) });
  if (!names.has(ofThePlanner)) return { document, clientVariables: new Map() };
  let free = `${ofThePlanner}_`;
  while (names.has(free)) free += '_';
  return {
    document: visit(document, {
      Variable: (node) =>
        node.name.value === ofThePlanner ? { ...node, name: { ...node.name, value: free } } : undefined,
    }),
    clientVariables: new Map([[free, ofThePlanner]]),
  };
}

/** A client's variables by their names in the plan. */
export function planVariables(
  clientVariables: ClientVariables,
  variables: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  if (clientVariables.size === 0) return variables;
  const planNames = new Map([...clientVariables].map(([planName, clientName]) => [clientName, planName]));
  return Object.fromEntries(
    Object.entries(variables)
      .filter(([name]) => !clientVariables.has(name))
      .map(([name, value]) => [planNames.get(name) ?? name, value]),
  );
}

/** A message about variables with the names that the client knows. */
export function clientMessage(clientVariables: ClientVariables, message: string): string {
  let told = message;
  for (const [planName, clientName] of clientVariables)
    told = told.replaceAll(`"$${planName}"`, `"$${clientName}"`);
  return told;
}
