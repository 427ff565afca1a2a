/** One HTTP/1.1 message: its head as text (without the empty line) and its body, chunks put together. */
export interface HttpMessage {
  readonly head: string;
  readonly body: Buffer;
}

const headEnd = Buffer.from('\r\n\r\n');
const empty = Buffer.alloc(0);

/**
 * Reads the messages of one keep-alive connection (RFC 9112) as its bytes arrive. The load generator and the replayed subgraphs use
 * it in place of Node's own client and server, which would cost as much as the fastest gateways that are measured between them.
 * Messages without a length (those that end with the connection) are not understood.
 * @returns what takes the next bytes.
 */
export function createMessageReader(onMessage: (message: HttpMessage) => void): (chunk: Buffer) => void {
  let pieces: Buffer[] = [];
  let received = 0;
  /** How many bytes must have come before it is worth looking again. */
  let needed = 0;
  return (chunk) => {
    pieces.push(chunk);
    received += chunk.length;
    if (received < needed) return;
    let rest = pieces.length === 1 ? chunk : Buffer.concat(pieces, received);
    while (rest.length > 0) {
      const read = readMessage(rest);
      if (read.kind === 'short') {
        needed = read.needed;
        break;
      }
      needed = 0;
      rest = rest.subarray(read.size);
      onMessage(read.message);
    }
    pieces = rest.length > 0 ? [rest] : [];
    received = rest.length;
  };
}

type Read =
  | { readonly kind: 'whole'; readonly message: HttpMessage; readonly size: number }
  | { readonly kind: 'short'; readonly needed: number };

function readMessage(bytes: Buffer): Read {
  const end = bytes.indexOf(headEnd);
  if (end < 0) return { kind: 'short', needed: bytes.length + 1 };
  const head = bytes.toString('latin1', 0, end);
  const start = end + headEnd.length;
  const length = /\r\ncontent-length: *(\d+)/i.exec(head);
  if (length !== null) {
    const size = start + Number(length[1]);
    return bytes.length < size
      ? { kind: 'short', needed: size }
      : { kind: 'whole', message: { head, body: bytes.subarray(start, size) }, size };
  }
  if (/\r\ntransfer-encoding: *chunked/i.test(head)) return readChunks(head, bytes, start);
  return { kind: 'whole', message: { head, body: empty }, size: start };
}

function readChunks(head: string, bytes: Buffer, start: number): Read {
  const chunks: Buffer[] = [];
  let at = start;
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return { kind: 'short', needed: bytes.length + 1 };
    const length = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    if (Number.isNaN(length)) throw new Error('a chunk of an HTTP message has no length');
    const next = lineEnd + 2 + length + 2;
    if (bytes.length < next) return { kind: 'short', needed: next };
    if (length === 0) return { kind: 'whole', message: { head, body: Buffer.concat(chunks) }, size: next };
    chunks.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + length));
    at = next;
  }
}
