import type { WebSocket } from 'ws';

/** A WebSocket from which nothing new is taken while its client has not taken what it was sent. */
export interface PacedSocket {
  send(text: string): void;
  /** Fulfilled when the client has taken what it was sent, or is gone. */
  taken(): Promise<void>;
}

/**
 * Whoever sends and does not read would have the gateway keep all its answers. So its next message waits until the reply to the last was taken, and while one waits no
 * more is read than had come with it. Pings of the WebSocket protocol are messages here too: the server has to leave them alone (`autoPong`).
 * @param take is given one message a turn of the event loop.
 */
export function paceSocket(socket: WebSocket, take: (text: string) => void): PacedSocket {
  const waiting: (() => void)[] = [];
  let untaken = 0;
  let lastTaken = Promise.resolve();
  let isNextComing = false;

  const isOpen = (): boolean => socket.readyState === socket.OPEN;
  const send = (write: (done: () => void) => void): void => {
    if (!isOpen()) return;
    untaken += 1;
    lastTaken = new Promise((resolve) => {
      // The one error there is, a connection that broke, is told by `close`.
      write(() => {
        untaken -= 1;
        resolve();
        comeToNext();
      });
    });
  };
  const receive = (handle: () => void): void => {
    if (!isOpen()) return;
    if (untaken === 0 && waiting.length === 0) return handle();
    waiting.push(handle);
    socket.pause();
  };
  const comeToNext = (): void => {
    if (isNextComing || untaken > 0 || waiting.length === 0) return;
    isNextComing = true;
    setImmediate(handleNext);
  };
  const handleNext = (): void => {
    isNextComing = false;
    // What is sent meanwhile comes back here when it is taken.
    if (untaken > 0) return;
    // Nobody is to answer them any more, and what the client says of the end has to be read.
    if (!isOpen()) waiting.length = 0;
    waiting.shift()?.();
    if (waiting.length === 0) socket.resume();
    else comeToNext();
  };

  socket.on('message', (data: Buffer) => receive(() => take(data.toString())));
  socket.on('ping', (data) => receive(() => send((done) => socket.pong(data, false, done))));
  return {
    send: (text) => send((done) => socket.send(text, done)),
    taken: () => lastTaken,
  };
}
