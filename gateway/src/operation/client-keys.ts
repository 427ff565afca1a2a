import {
  GraphQLError,
  Kind,
  print,
  visit,
  type DocumentNode,
  type ExecutionResult,
  type FieldNode,
} from 'graphql';

/**
 * Aliases of the client's that the executed operation has under another name, because the plan puts data of its own under theirs: in
 * `{ book { id: title } }` the plan fetches the key `id` of the book beside what the client calls so. By the name they are executed under.
 */
export type ClientKeys = ReadonlyMap<string, string>;

/** Names that aliases may clash with in a plan. */
export interface PlanNames {
  /** Names under which plans put data of their own. */
  readonly own: ReadonlySet<string>;
  /**
   * Fields of interface objects. For the subgraph they are fields of one type, so under one key it can be asked only one of the calls that the client makes on
   * different types.
   */
  readonly ofInterfaceObjects: ReadonlySet<string>;
}

/** The planner makes such names up where types of a union have fields of different types under one key. */
const plannerAlias = /__alias_\d+$/;

/**
 * Renames aliases that a plan cannot have.
 * @returns the document itself when it has none.
 */
export function moveClashingKeys(
  document: DocumentNode,
  names: PlanNames,
): { readonly document: DocumentNode; readonly clientKeys: ClientKeys } {
  /** The calls that the client makes under each key. */
  const calls = new Map<string, Map<string, FieldNode>>();
  const taken = new Set(names.own);
  visit(document, {
    Field(field) {
      const key = responseKey(field);
      taken.add(key).add(field.name.value);
      const known = calls.get(key) ?? new Map<string, FieldNode>();
      calls.set(key, known.set(callOf(field), field));
    },
  });
  const moved = new Map<string, Map<string, string>>();
  const clientKeys = new Map<string, string>();
  for (const [key, known] of calls) {
    const isShared = known.size > 1 && [...known.values()].some(isOfInterfaceObject(names));
    for (const [index, [call, field]] of [...known].entries()) {
      if (!isClashing(field, names) && !(isShared && index > 0)) continue;
      let executed = `${key}__client`;
      while (taken.has(executed)) executed += '_';
      taken.add(executed);
      clientKeys.set(executed, key);
      moved.set(key, (moved.get(key) ?? new Map<string, string>()).set(call, executed));
    }
  }
  if (clientKeys.size === 0) return { document, clientKeys };
  const executed = visit(document, {
    Field(field) {
      const key = moved.get(responseKey(field))?.get(callOf(field));
      return key === undefined ? undefined : { ...field, alias: { kind: Kind.NAME, value: key } };
    },
  });
  return { document: executed, clientKeys };
}

function responseKey({ alias, name }: FieldNode): string {
  return alias?.value ?? name.value;
}

function callOf({ name, arguments: given = [] }: FieldNode): string {
  if (given.length === 0) return name.value;
  return `${name.value}(${given
    .map((argument) => print(argument))
    .sort()
    .join(',')})`;
}

function isClashing({ alias, name }: FieldNode, { own }: PlanNames): boolean {
  if (alias === undefined || alias.value === name.value) return false;
  return own.has(alias.value) || plannerAlias.test(alias.value);
}

function isOfInterfaceObject({ ofInterfaceObjects }: PlanNames): (field: FieldNode) => boolean {
  return ({ name }) => ofInterfaceObjects.has(name.value);
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
