import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** How many requests of one connection are under way that came before another was answered. */
const maxUnderWay = 16;

/**
 * Bounds what one connection can ask for at once. A client may send its next requests before it has its answers (RFC 9112, section 9.3.2), thousands of them in
 * one packet, and Node hands out all of them; answered together, they would keep everybody else waiting. Sixteen are under way at a time. The others
 * wait, and nothing more is read from the connection until all have begun.
 */
export function boundPipelining(handler: RequestListener): RequestListener {
  const lines = new WeakMap<Socket, Line>();
  return (request, response) => {
    // Only a response that is behind another has no socket yet. Clients that wait for each answer, as nearly all do, cost nothing here.
    if (response.socket !== null) return handler(request, response);
    const { socket } = request;
    let line = lines.get(socket);
    if (line === undefined) lines.set(socket, (line = createLine(socket, handler)));
    line(request, response);
  };
}

/** The requests of a connection that came while another was unanswered. */
type Line = (request: IncomingMessage, response: ServerResponse) => void;

function createLine(socket: Socket, handler: RequestListener): Line {
  const begun = new Set<ServerResponse>();
  let isTurnComing = false;
  let waiting: { readonly request: IncomingMessage; readonly response: ServerResponse }[] = [];
  const hold = (): void => {
    if (waiting.length > 0) socket.pause();
  };
  const begin = (request: IncomingMessage, response: ServerResponse): void => {
    begun.add(response);
    response.once('close', () => {
      begun.delete(response);
      if (waiting.length === 0 || isTurnComing) return;
      isTurnComing = true;
      // Not at once: requests that are answered at once would follow each other with nobody else in between.
      setImmediate(beginNext);
    });
    handler(request, response);
  };
  const beginNext = (): void => {
    isTurnComing = false;
    // One that was answered with `connection: close` is the last.
    while (begun.size < maxUnderWay && waiting.length > 0 && socket.writable) {
      const { request, response } = waiting.shift()!;
      begin(request, response);
    }
    if (waiting.length === 0) socket.resume();
  };
  // Node resumes a socket for reasons of its own.
  socket.on('resume', hold);
  socket.once('close', () => {
    const unanswered = [...begun, ...waiting.map(({ response }) => response)];
    waiting = [];
    // Node tells it only of the response whose turn it is, which has the socket.
    for (const response of unanswered) if (response.socket === null) response.destroy().emit('close');
  });
  return (request, response) => {
    if (waiting.length === 0 && begun.size < maxUnderWay) return begin(request, response);
    waiting.push({ request, response });
    // Not at once: while it hands out requests, Node goes on reading after each.
    if (waiting.length === 1) process.nextTick(hold);
  };
}
