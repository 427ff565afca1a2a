/**
 * Waits before a connection is tried again: a fifth of a second at first, doubled with every attempt up to half a minute, and
 * spread at random, so that the clients of a server that comes back do not arrive all at once.
 * @param attempt from 0.
 * @throws the signal's reason when it says that nobody needs the connection any more.
 */
export async function reconnectPause(attempt: number, signal: AbortSignal): Promise<void> {
  const milliseconds = Math.min(200 * 2 ** attempt, 30_000) * (0.5 + Math.random());
  signal.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timeout);
      signal.removeEventListener('abort', giveUp);
    };
    const giveUp = (): void => {
      end();
      reject(signal.reason as Error);
    };
    const timeout = setTimeout(() => {
      end();
      resolve();
    }, milliseconds);
    signal.addEventListener('abort', giveUp);
  });
}
