/** A value as SQL text: the readers take whole statements only. */
export function quoted(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** How many rows one statement is asked about. */
const batchSize = 2_000;

/** Asks in several statements what is too much for one. */
export async function inBatches<T, R>(
  items: readonly T[],
  ask: (batch: readonly T[]) => Promise<readonly R[]>,
): Promise<R[]> {
  const answers: R[] = [];
  for (let start = 0; start < items.length; start += batchSize) {
    answers.push(...(await ask(items.slice(start, start + batchSize))));
  }
  return answers;
}
