import { GraphQLError, Kind, visit, type DocumentNode, type ExecutionResult, type FieldNode } from 'graphql';

/**
 * Aliases of the client's that the executed operation has under another name, because the plan puts data of its own under theirs: in
 * `{ book { id: title } }` the plan fetches the key `id` of the book beside what the client calls so. By the name they are executed under.
 */
export type ClientKeys = ReadonlyMap<string, string>;

/** The planner makes such names up where types of a union have fields of different types under one key. */
const plannerAlias = /__alias_\d+$/;

/**
 * Renames aliases that a plan cannot have.
 * @param planNames names under which plans put data of their own.
 * @returns the document itself when it has none; an alias that is the name of its own field is none.
 */
export function moveClashingKeys(
  document: DocumentNode,
  planNames: ReadonlySet<string>,
): { readonly document: DocumentNode; readonly clientKeys: ClientKeys } {
  const keys = new Set<string>();
  const clashing = new Set<string>();
  visit(document, {
    Field(field) {
      keys.add(field.name.value);
      if (field.alias === undefined) return;
      keys.add(field.alias.value);
      if (isClashing(field, planNames)) clashing.add(field.alias.value);
    },
  });
  if (clashing.size === 0) return { document, clientKeys: new Map() };
  const executed = new Map<string, string>();
  for (const alias of clashing) {
    let key = `${alias}__client`;
    while (keys.has(key) || planNames.has(key)) key += '_';
    keys.add(key);
    executed.set(alias, key);
  }
  const moved = visit(document, {
    Field: (field) =>
      isClashing(field, planNames)
        ? { ...field, alias: { kind: Kind.NAME, value: executed.get(field.alias!.value)! } }
        : undefined,
  });
  return { document: moved, clientKeys: new Map([...executed].map(([alias, key]) => [key, alias])) };
}

/** A path of the executed operation as the client knows it. */
export function clientPath(
  clientKeys: ClientKeys,
  path: readonly (string | number)[],
): readonly (string | number)[] {
  if (clientKeys.size === 0) return path;
  return path.map((step) => (typeof step === 'string' ? (clientKeys.get(step) ?? step) : step));
}

/** A result of the executed operation under the client's names. */
export function clientResult(clientKeys: ClientKeys, result: ExecutionResult): ExecutionResult {
  if (clientKeys.size === 0) return result;
  const { data, errors } = result;
  return {
    ...result,
    ...(data === undefined ? {} : { data: renamed(clientKeys, data) as typeof data }),
    ...(errors === undefined ? {} : { errors: errors.map((error) => clientError(clientKeys, error)) }),
  };
}

function renamed(clientKeys: ClientKeys, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => renamed(clientKeys, item));
  if (typeof value !== 'object' || value === null) return value;
  const under: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [key, within] of Object.entries(value)) {
    under[clientKeys.get(key) ?? key] = renamed(clientKeys, within);
  }
  return under;
}

function clientError(clientKeys: ClientKeys, error: GraphQLError): GraphQLError {
  if (error.path === undefined) return error;
  return new GraphQLError(error.message, {
    nodes: error.nodes ?? null,
    path: clientPath(clientKeys, error.path),
    originalError: error.originalError ?? null,
    extensions: error.extensions,
  });
}

function isClashing({ alias, name }: FieldNode, planNames: ReadonlySet<string>): boolean {
  if (alias === undefined || alias.value === name.value) return false;
  return planNames.has(alias.value) || plannerAlias.test(alias.value);
}
