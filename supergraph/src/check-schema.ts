import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, GraphQLError, validate, type GraphQLSchema } from 'graphql';
import { globSync } from 'tinyglobby';
import {
  readOperations,
  sameOperation,
  type ClientOperation,
  type OperationsFile,
} from './client-operations.ts';
import { composeSupergraph, type CompositionProblem } from './compose-supergraph.ts';
import { generatedFiles } from './generated-files.ts';
import { treeAt, type GitTree } from './git-files.ts';
import { readSubgraphs } from './read-subgraphs.ts';
import { compareSchemas, type SchemaChange } from './schema-changes.ts';
import { isTouchedBy, usageOf } from './schema-usage.ts';
import { subgraphs } from './subgraphs.ts';

/** Where the operations of the client that lives in this repository are. */
const clientOperations = 'packages/client/operations';

/** What to compare. */
export interface SchemaCheckOptions {
  /** The root of the repository; its working tree is what is checked. */
  readonly root: string;
  /** The git ref whose API schema clients know: `origin/main`. */
  readonly base: string;
  /** Globs, from the root, of files with operations of further clients. */
  readonly operations?: readonly string[];
}

/** A change, and the operations that stand on what it changes. */
export interface ReportedChange extends SchemaChange {
  /** Empty for safe changes. */
  readonly operations: readonly ClientOperation[];
}

/** An operation that the new schema refuses. */
export interface BrokenOperation {
  readonly operation: ClientOperation;
  readonly reasons: readonly string[];
}

/** What a schema check found. */
export type SchemaCheck =
  | { readonly outcome: 'not-composable'; readonly problems: readonly CompositionProblem[] }
  | {
      readonly outcome: 'breaking' | 'safe';
      readonly changes: readonly ReportedChange[];
      readonly broken: readonly BrokenOperation[];
    };

/** The check could not be made. The message says why, and what to do. */
export class SchemaCheckError extends Error {
  override readonly name = 'SchemaCheckError';
}

/**
 * Composes the working tree and compares its API schema with the one at a git ref: which changes break clients, and which
 * operations they break. The operations are those of the ref, because clients built from it are out there, those of the working
 * tree, because clients will be built from it, and those of `options.operations`.
 * @throws SchemaCheckError | UnknownRefError when there is nothing to compare with, or an operations file cannot be read.
 */
export async function checkSchema(options: SchemaCheckOptions): Promise<SchemaCheck> {
  const tree = treeAt(options.root, options.base);
  const baseSdl = tree.read(generatedFiles.apiSchema);
  if (baseSdl === undefined) {
    throw new SchemaCheckError(
      `${options.base} has no ${generatedFiles.apiSchema} to compare with: choose a later ref, or run npm run supergraph there`,
    );
  }
  const composition = composeSupergraph(readSubgraphs(options.root, subgraphs));
  if (!composition.ok) return { outcome: 'not-composable', problems: composition.problems };

  const base = buildSchema(baseSdl);
  const next = buildSchema(composition.apiSchema);
  const deployed = parseOperations(operationsAt(tree, options.base)).filter(
    (operation) => validate(base, operation.document).length === 0,
  );
  const current = parseOperations(operationsIn(options));
  const changedSince = deployed.filter((old) => !current.some((operation) => sameOperation(old, operation)));
  const operations = [...current, ...changedSince];

  const changes = withOperations(await compareSchemas(base, next), operations, base);
  const broken = operations.flatMap((operation): BrokenOperation[] => {
    const errors = validate(next, operation.document);
    return errors.length === 0 ? [] : [{ operation, reasons: errors.map((error) => error.message) }];
  });
  const breaks = broken.length > 0 || changes.some(({ level }) => level === 'breaking');
  return { outcome: breaks ? 'breaking' : 'safe', changes, broken };
}

function withOperations(
  changes: readonly SchemaChange[],
  operations: readonly ClientOperation[],
  base: GraphQLSchema,
): ReportedChange[] {
  const used = operations.map((operation) => ({ operation, usage: usageOf(base, operation.document) }));
  return changes.map((change) => ({
    ...change,
    operations:
      change.level === 'safe'
        ? []
        : used.filter(({ usage }) => isTouchedBy(usage, change)).map(({ operation }) => operation),
  }));
}

function operationsAt(tree: GitTree, ref: string): OperationsFile[] {
  return tree
    .list(clientOperations)
    .filter((path) => path.endsWith('.graphql'))
    .map((path) => ({ origin: `${path} at ${ref}`, text: tree.read(path) ?? '' }));
}

function operationsIn({ root, operations = [] }: SchemaCheckOptions): OperationsFile[] {
  const own = globSync(`${clientOperations}/**/*.graphql`, { cwd: root });
  const further = operations.flatMap((pattern) => {
    const found = globSync(pattern, { cwd: root });
    // A misspelt pattern that silently checks nothing would be found out in production.
    if (found.length === 0) throw new SchemaCheckError(`--operations ${pattern} matches no file`);
    return found;
  });
  const paths = [...new Set([...own, ...further])].sort();
  return paths.map((path) => ({ origin: path, text: readFileSync(join(root, path), 'utf8') }));
}

function parseOperations(files: readonly OperationsFile[]): ClientOperation[] {
  try {
    return readOperations(files);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    throw new SchemaCheckError(
      `${error.source?.name ?? 'an operations file'} is not GraphQL: ${error.message}`,
    );
  }
}
