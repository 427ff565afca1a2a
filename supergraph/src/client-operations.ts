import {
  Kind,
  parse,
  print,
  separateOperations,
  Source,
  type DocumentNode,
  type FragmentDefinitionNode,
} from 'graphql';

/** A file of operations, as text. */
export interface OperationsFile {
  /** What to call it in a message: a path, and the git ref when it is not the working tree's. */
  readonly origin: string;
  readonly text: string;
}

/** One operation of a client, with the fragments it needs. */
export interface ClientOperation {
  /** `query BrowseProducts`. */
  readonly title: string;
  readonly origin: string;
  readonly document: DocumentNode;
}

/**
 * Takes files apart into operations. A fragment may be defined in another file than the operation that spreads it.
 * @throws GraphQLError when a file is not GraphQL; its `source` names the file.
 */
export function readOperations(files: readonly OperationsFile[]): ClientOperation[] {
  const parsed = files.map(({ origin, text }) => ({ origin, document: parse(new Source(text, origin)) }));
  const fragments = parsed.flatMap(({ document }) => document.definitions.filter(isFragment));
  return parsed.flatMap(({ origin, document }) => {
    const own = new Set(document.definitions.filter(isFragment).map(({ name }) => name.value));
    const borrowed = fragments.filter(({ name }) => !own.has(name.value));
    const complete = { kind: Kind.DOCUMENT, definitions: [...document.definitions, ...borrowed] } as const;
    return Object.values(separateOperations(complete)).map((single) => ({
      title: titleOf(single),
      origin,
      document: single,
    }));
  });
}

/** Whether two operations say the same, whatever file they stand in. */
export function sameOperation(a: ClientOperation, b: ClientOperation): boolean {
  return print(a.document) === print(b.document);
}

function isFragment(node: { readonly kind: Kind }): node is FragmentDefinitionNode {
  return node.kind === Kind.FRAGMENT_DEFINITION;
}

function titleOf(document: DocumentNode): string {
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  if (operation === undefined) return 'operation';
  return `${operation.operation} ${operation.name?.value ?? '(anonymous)'}`;
}
