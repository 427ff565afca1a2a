/** How many reasons a minute has room for. */
const maxReasons = 20;

/**
 * Tells whether something is to be logged that strangers can cause as often as they like: each reason once a minute, and no more than 20 reasons.
 * @param now the clock, in milliseconds.
 */
export function onceAMinute(now: () => number): (reason: string) => boolean {
  const told = new Set<string>();
  let until = -Infinity;
  return (reason) => {
    if (now() >= until) {
      told.clear();
      until = now() + 60_000;
    }
    if (told.has(reason) || told.size >= maxReasons) return false;
    told.add(reason);
    return true;
  };
}
