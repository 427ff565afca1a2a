import type { ClientOperation } from './client-operations.ts';
import type { SchemaCheck } from './check-schema.ts';
import { describeProblems } from './describe-problems.ts';

/** A schema check as lines for people: every change with its class, then every operation that breaks, then the sum. */
export function reportSchemaCheck(check: SchemaCheck): string {
  if (check.outcome === 'not-composable') return describeProblems(check.problems);
  const lines: string[] = [];
  for (const { level, message, operations } of check.changes) {
    lines.push(`${level.padEnd(9)}  ${message}`);
    for (const operation of operations) lines.push(`           ${use[level]} ${nameOf(operation)}`);
  }
  if (check.broken.length > 0) lines.push('', 'operations that the new schema refuses:');
  for (const { operation, reasons } of check.broken) {
    lines.push(`  ${nameOf(operation)}`, ...reasons.map((reason) => `    ${reason}`));
  }
  const count = (level: string): number => check.changes.filter((change) => change.level === level).length;
  const sums = `${count('breaking')} breaking, ${count('dangerous')} dangerous, ${count('safe')} safe`;
  if (lines.length > 0) lines.push('');
  lines.push(check.changes.length === 0 ? 'the API schema is the same' : sums);
  return lines.join('\n');
}

const use = { breaking: 'breaks', dangerous: 'touches', safe: 'touches' } as const;

function nameOf({ title, origin }: ClientOperation): string {
  return `${title} (${origin})`;
}
