import { CriticalityLevel, diff, type Change } from '@graphql-inspector/core';
import type { GraphQLSchema } from 'graphql';

/** How a change treats the clients that are out there: it breaks them, it may surprise them, or they cannot notice. */
export type ChangeLevel = 'breaking' | 'dangerous' | 'safe';

/** One difference between two versions of the API schema. */
export interface SchemaChange {
  readonly level: ChangeLevel;
  /** The inspector's name for the kind of change: `FIELD_REMOVED`. */
  readonly kind: string;
  /** One sentence: what changed. */
  readonly message: string;
  /** Which part: `Product.stock`, `Query.products.sort`. */
  readonly path: string;
}

/**
 * What became of an API schema from one version to the next, breaking changes first.
 * A new type or field is one change, whatever it brings along.
 */
export async function compareSchemas(base: GraphQLSchema, next: GraphQLSchema): Promise<SchemaChange[]> {
  const changes = (await diff(base, next)).map(toSchemaChange);
  const added = new Set(
    changes.filter(({ kind }) => kind === 'TYPE_ADDED' || kind === 'FIELD_ADDED').map(({ path }) => path),
  );
  return changes
    .filter((change) => change.level !== 'safe' || !(isImplied(change, added) || repeatsDeprecation(change)))
    .sort((a, b) => rank[a.level] - rank[b.level] || compareText(a.path, b.path));
}

const rank: Readonly<Record<ChangeLevel, number>> = { breaking: 0, dangerous: 1, safe: 2 };

function toSchemaChange({ criticality, type, message, path }: Change): SchemaChange {
  return { level: levelOf(criticality.level), kind: String(type), message, path: path ?? '' };
}

function levelOf(level: CriticalityLevel): ChangeLevel {
  switch (level) {
    case CriticalityLevel.Breaking:
      return 'breaking';
    case CriticalityLevel.Dangerous:
      return 'dangerous';
    case CriticalityLevel.NonBreaking:
      return 'safe';
  }
}

/**
 * Only safe changes are folded away, and only below something new. (The inspector's own `simplifyChanges` also drops a required
 * argument that was added to a field whose description is new.)
 */
function isImplied({ path }: SchemaChange, added: ReadonlySet<string>): boolean {
  const parts = path.split('.');
  return parts.some((_, index) => index > 0 && added.has(parts.slice(0, index).join('.')));
}

/** A deprecation is reported as one, and again as the use of a directive and of its argument. */
function repeatsDeprecation({ kind, path }: SchemaChange): boolean {
  return kind.startsWith('DIRECTIVE_USAGE_') && path.includes('@deprecated');
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
