import { type z } from 'zod';

/** One environment variable: how it is read, what it is without it, and what a reader of the README is told. */
export interface Setting<T = unknown> {
  readonly schema: z.ZodType<T>;
  /** Absent: the variable is required. */
  readonly fallback?: T;
  /** Required when `NODE_ENV=production`, whatever the fallback: no secret has a default there, nor anything that is fit for one machine only. */
  readonly requiredInProduction?: boolean;
  /** One sentence for the README's table. */
  readonly doc: string;
}

/** Every variable that a process reads, by name. */
export type SettingsTable = Readonly<Record<string, Setting>>;

/** The typed object that a table parses to. */
export type SettingsOf<T extends SettingsTable> = {
  readonly [K in keyof T]: T[K] extends Setting<infer V> ? V : never;
};

/** The environment does not fit: `problems` holds every one, each a sentence that names the variable. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`the settings do not fit:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

/** Declares a setting and keeps its type. */
export function setting<T>(definition: Setting<T>): Setting<T> {
  return definition;
}

/**
 * Reads a table of settings from an environment, once, at the edge. An empty value counts as absent.
 * @param ownPrefixes variables that begin with one of these belong to this process: one that the table does not name stops the
 *   start, because a misspelt setting that is silently ignored is found in production.
 * @throws SettingsError naming every problem at once.
 */
export function parseSettings<T extends SettingsTable>(
  table: T,
  environment: Readonly<Record<string, string | undefined>>,
  ownPrefixes: readonly string[] = [],
): SettingsOf<T> {
  const production = environment['NODE_ENV'] === 'production';
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, definition] of Object.entries(table)) {
    const raw = environment[name];
    if (raw === undefined || raw === '') {
      if (production && definition.requiredInProduction === true) {
        problems.push(`${name} is required when NODE_ENV=production: ${definition.doc}`);
      } else if ('fallback' in definition) values[name] = definition.fallback;
      else problems.push(`${name} is required: ${definition.doc}`);
      continue;
    }
    const parsed = definition.schema.safeParse(raw);
    if (parsed.success) values[name] = parsed.data;
    else problems.push(`${name} ${parsed.error.issues.map((issue) => issue.message).join(', ')}`);
  }
  for (const name of Object.keys(environment)) {
    if (Object.hasOwn(table, name) || !ownPrefixes.some((prefix) => name.startsWith(prefix))) continue;
    const near = nearest(name, Object.keys(table));
    problems.push(`${name} is not a setting${near === undefined ? '' : `; did you mean ${near}?`}`);
  }
  if (problems.length > 0) throw new SettingsError(problems);
  return values as SettingsOf<T>;
}

/** The table as Markdown, for the documentation. */
export function documentSettings(table: SettingsTable): string {
  const rows = Object.entries(table).map(
    ([name, definition]) => `| \`${name}\` | ${withoutIt(definition)} | ${definition.doc} |`,
  );
  return ['| Variable | Default | What it is |', '| --- | --- | --- |', ...rows].join('\n');
}

function withoutIt(definition: Setting): string {
  if (!('fallback' in definition)) return 'required';
  const { fallback: value } = definition;
  const written = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  const fallback = written === '' ? '–' : `\`${written}\``;
  return definition.requiredInProduction === true ? `${fallback} (required in production)` : fallback;
}

function nearest(name: string, candidates: readonly string[]): string | undefined {
  const ranked = candidates
    .map((candidate) => ({ candidate, distance: editDistance(name, candidate) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best !== undefined && best.distance <= 3 ? best.candidate : undefined;
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const change = a[row - 1] === b[column - 1] ? 0 : 1;
      current.push(Math.min(previous[column]! + 1, current[column - 1]! + 1, previous[column - 1]! + change));
    }
    previous = current;
  }
  return previous[b.length]!;
}
