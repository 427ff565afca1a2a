/** A subgraph with a subscription that never has an event, as cheap as it can be, over server-sent events and WebSocket. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';

/** Below what the gateway takes for silence. */
const keepAliveMs = 15_000;

process.on('disconnect', () => process.exit());

const server = createServer((request, response) => {
  request.resume();
  response.writeHead(200, { 'content-type': 'text/event-stream' }).write(':\n\n');
  const timer = setInterval(() => response.write(':\n\n'), keepAliveMs);
  response.on('close', () => clearInterval(timer));
});
const sockets = new WebSocketServer({ server, handleProtocols: ([first]) => first ?? false });
sockets.on('connection', (socket) => {
  socket.on('message', (data: Buffer) => {
    const { type } = JSON.parse(data.toString()) as { type: string };
    if (type === 'connection_init') socket.send('{"type":"connection_ack"}');
    if (type === 'ping') socket.send('{"type":"pong"}');
  });
});
server.listen(0, '127.0.0.1', () => {
  process.send!(`http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`);
});
