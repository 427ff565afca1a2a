/** `percent(25)` is on for a quarter of the requests. */
const percentage = /^percent\(\s*(\d+(?:\.\d+)?)\s*\)$/;

/** The condition of a plan that depends on a label of `@override`. GraphQL has no variable of such a name. */
export function overrideCondition(label: string): string {
  return `override ${label}`;
}

/**
 * Decides for one request which progressive overrides (`@override(from:, label:)`) are on, as conditions for its plan.
 * @param on labels that are on for everybody. Of the others only percentages are ever on.
 * @param random from 0 up to, and without, 1.
 */
export function decideOverrides(
  labels: Iterable<string>,
  on: ReadonlySet<string>,
  random: () => number = Math.random,
): Record<string, boolean> {
  const decided: Record<string, boolean> = {};
  for (const label of labels) {
    const percent = percentage.exec(label)?.[1];
    decided[overrideCondition(label)] =
      on.has(label) || (percent !== undefined && random() * 100 < Number(percent));
  }
  return decided;
}
