import type { ServerResponse } from 'node:http';

/** Waits until what was written before is on its way: there is room again, or nobody left to write to. */
export async function drained(response: ServerResponse): Promise<void> {
  if (!response.writableNeedDrain || response.destroyed) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
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
  for await (const piece of body) {
    if (!response.writable) break;
    response.write(piece);
    await drained(response);
  }
  response.off('close', leave);
  response.end();
}
