/** Waits for a condition, looking again every few milliseconds. @throws when it does not come true in fifteen seconds. */
export async function waitUntil(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('the condition did not come true in 15 s');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
