import type { Finding } from '../../tests/chaos/invariants.ts';
import type { Check, Diagnosis } from './diagnose.ts';

/** So many cases of one kind that a screen holds them; `--json` has all. */
const shown = 10;

const marks: Readonly<Record<Check['verdict'], string>> = {
  ok: 'ok       ',
  'under way': 'under way',
  violated: 'VIOLATED ',
};

/**
 * Writes a diagnosis for people.
 * @param where each part of the installation is, by its name.
 */
export function writeReport(diagnosis: Diagnosis, where: Readonly<Record<string, string>>): string {
  const { checks, deadLetters, isAtRest } = diagnosis;
  const places = Object.entries(where).map(([part, place]) => `${part.padEnd(10)}${place}`);
  const results = checks.flatMap(({ verdict, sentence, invariant, violations, underWay }) => [
    `${marks[verdict]} ${sentence}${verdict === 'violated' ? ` [${invariant}]` : ''}`,
    ...listed(violations),
    ...listed(underWay, 'now: '),
  ]);
  const letters = deadLetters.flatMap(({ place, messages, eventType, eventIds }) => [
    `  ${place}: ${messages} ${eventType ?? 'messages'}${eventIds.length === 0 ? '' : ` (${shorten(eventIds).join(', ')})`}`,
  ]);
  const violated = checks.filter(({ verdict }) => verdict === 'violated').length;
  const rest = isAtRest
    ? 'Nothing was under way.'
    : 'Events were under way: what holds only at rest could not be judged.';
  return [
    ...places,
    '',
    ...results,
    '',
    letters.length === 0 ? 'No dead letters.' : 'Dead letters, for a person to look at:',
    ...letters,
    rest,
    violated === 0 ? 'No violation.' : `${violated} of ${checks.length} invariants are violated.`,
    '',
  ].join('\n');
}

function listed(findings: readonly Finding[], prefix = ''): string[] {
  const lines = findings.slice(0, shown).map(({ sentence }) => `            ${prefix}${sentence}`);
  const more = findings.length - lines.length;
  return more === 0 ? lines : [...lines, `            ${prefix}and ${more} more (--json lists all)`];
}

function shorten(ids: readonly string[]): readonly string[] {
  return ids.length <= shown ? ids : [...ids.slice(0, shown), `and ${ids.length - shown} more`];
}
