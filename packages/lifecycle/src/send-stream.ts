import type { ServerResponse } from 'node:http';

/** How long a client may leave untaken what it was sent. */
const defaultPatienceMs = 30_000;

/**
 * Waits until what was written before is on its way: there is room again, or nobody left to write to. Whoever streams waits for this between two
 * writes, so that a slow client holds back its source instead of filling memory; one that takes nothing for too long is cut off.
 */
export async function drained(response: ServerResponse, patienceMs = defaultPatienceMs): Promise<void> {
  if (!response.writableNeedDrain || response.destroyed) return;
  await new Promise<void>((resolve) => {
    const cut = setTimeout(() => response.destroy(), patienceMs);
    const done = (): void => {
      clearTimeout(cut);
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
  });
}

/**
 * Writes a body piece by piece, each as soon as it is there, and ends the response. The source is told to end when the reader leaves.
 * @throws what the source throws; the response is not ended then.
 */
export async function sendStream(
  response: ServerResponse,
  body: AsyncGenerator<string, void, void>,
): Promise<void> {
  const leave = (): void => void body.return();
  response.once('close', leave);
  // It may have left while the source was opened.
  if (response.destroyed) leave();
  try {
    for await (const piece of body) {
      if (!response.writable) break;
      response.write(piece);
      await drained(response);
    }
  } finally {
    response.off('close', leave);
  }
  response.end();
}
