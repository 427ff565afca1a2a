import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ErrorCode } from '../error-codes.ts';

/** How long a client that is refused has to read why, before what it still sends resets the connection. */
const lingerMs = 500;

/**
 * Reads a body to its end, unless it is too large: then the client is told so at once (413), nothing more is read, and the connection
 * is closed. To read on, as Express does, would have a client send without end.
 * @param done is not called for a body that is too large or breaks off.
 */
export function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  maxBytes: number,
  done: (body: Buffer) => void,
): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const take = (chunk: Buffer): void => {
    bytes += chunk.length;
    if (bytes > maxBytes) refuseRest();
    else chunks.push(chunk);
  };
  const end = (): void => done(Buffer.concat(chunks));
  const refuseRest = (): void => {
    request.off('data', take).off('end', end);
    refuseTooLarge(request, response);
  };
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return refuseRest();
  request.on('data', take).on('end', end);
}

function refuseTooLarge(request: IncomingMessage, response: ServerResponse): void {
  request.pause();
  const code: ErrorCode = 'PAYLOAD_TOO_LARGE';
  const body = JSON.stringify({
    errors: [{ message: 'The request is larger than the gateway takes.', extensions: { code } }],
  });
  response.writeHead(413, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  });
  // The whole answer. Its end is kept back, because with it Node closes the connection, maybe before the client has read.
  response.write(body);
  const linger = setTimeout(() => response.end(), lingerMs);
  response.once('close', () => clearTimeout(linger));
}
