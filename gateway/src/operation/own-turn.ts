let latest = Promise.resolve();

/**
 * Waits for a turn of the event loop that nobody else has who asks here. Whoever is about to parse, validate and plan an operation that is new
 * waits for it: that takes milliseconds, and many at once, one after the other, would keep waiting those who ask for what is known already.
 */
export function ownTurn(): Promise<void> {
  return (latest = latest.then(nextTurn));
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
