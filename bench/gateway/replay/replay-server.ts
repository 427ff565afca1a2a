/**
 * The subgraphs as the gateways see them while they are measured: a process that answers from memory what the real subgraphs once
 * answered to the same bytes. A request it has not seen is passed to the real subgraph, and its answer kept.
 */
import { createServer, type Socket } from 'node:net';
import { createMessageReader, type HttpMessage } from '../http-messages.ts';
import type { FromReplay, ToReplay } from './replay.ts';

const recorded = new Map<string, Buffer>();
let upstreams: Readonly<Record<string, string>> = {};
let requests = 0;
let unknown = 0;

const server = createServer({ noDelay: true }, (socket) => {
  // Answers go out in the order of their requests, though one that must be asked for takes longer.
  let earlier: Promise<void> | undefined;
  socket.on('error', () => socket.destroy());
  socket.on(
    'data',
    createMessageReader((message) => {
      requests += 1;
      const key = `${pathOf(message)}\n${message.body.toString('latin1')}`;
      const known = recorded.get(key);
      if (known !== undefined && earlier === undefined) {
        send(socket, known, message);
        return;
      }
      unknown += known === undefined ? 1 : 0;
      const turn = (earlier ?? Promise.resolve())
        .then(async () => send(socket, recorded.get(key) ?? (await record(key, message)), message))
        .catch((error: unknown) => {
          console.error(`a subgraph could not be asked: ${String(error)}`);
          socket.destroy();
        })
        .then(() => {
          if (earlier === turn) earlier = undefined;
        });
      earlier = turn;
    }),
  );
});

process.on('message', (message: ToReplay) => {
  if (message.kind === 'upstreams') upstreams = message.urls;
  reply({ kind: 'counts', requests, unknown, recorded: recorded.size });
});
process.on('disconnect', () => process.exit());

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the replay has no port');
  reply({ kind: 'listening', port: address.port });
});

function reply(message: FromReplay): void {
  process.send?.(message);
}

function pathOf({ head }: HttpMessage): string {
  return head.slice(head.indexOf(' ') + 1, head.indexOf(' ', head.indexOf(' ') + 1));
}

function send(socket: Socket, answer: Buffer, { head }: HttpMessage): void {
  if (/\r\nconnection: *close/i.test(head)) socket.end(answer);
  else socket.write(answer);
}

/** Only what was answered with 200 and without errors is kept: a subgraph that failed once is asked again. */
async function record(key: string, message: HttpMessage): Promise<Buffer> {
  const url = upstreams[pathOf(message).slice(1)];
  if (url === undefined || !message.head.startsWith('POST ')) return response(404, Buffer.from('{}'));
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(message.body),
  });
  const body = Buffer.from(await answer.arrayBuffer());
  const bytes = response(answer.status, body);
  if (answer.status !== 200 || body.includes('"errors":')) {
    const [asked, answered] = [message.body, body].map((text) => text.toString().slice(0, 500));
    console.error(`a subgraph was asked ${asked}\n  and answered ${answered}`);
  } else {
    recorded.set(key, bytes);
  }
  return bytes;
}

function response(status: number, body: Buffer): Buffer {
  const head = `HTTP/1.1 ${status} ${status === 200 ? 'OK' : 'Error'}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}
