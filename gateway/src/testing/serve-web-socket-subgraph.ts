import { ServerResponse, type IncomingHttpHeaders, type IncomingMessage, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Request, RequestHandler, Response } from 'express';
import type { GraphQLSchema } from 'graphql';
import type { Context } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';

/** What a subgraph was sent. */
export interface ReceivedRequest {
  readonly query: string;
  readonly variables: Record<string, unknown>;
  readonly headers: IncomingHttpHeaders;
}

/** Serves a schema over graphql-transport-ws on a server that serves HTTP too. */
export function serveWebSocketSubgraph(
  server: Server,
  schema: GraphQLSchema,
  hooks: {
    /** Is given every operation, with the payload of its connection for headers. */
    readonly received: ReceivedRequest[];
    /** What is done with requests to upgrade instead. */
    readonly misbehaviour: () => RequestHandler | undefined;
  },
): { openStreams(): number; openSockets(): number; cut(): void } {
  const sockets = new WebSocketServer({ noServer: true });
  const contexts = new Set<Context>();
  useServer(
    {
      schema,
      onConnect: (context) => void contexts.add(context),
      onSubscribe({ connectionParams }, _id, { query, variables, extensions }) {
        const headers = { ...connectionParams, ...(extensions?.['headers'] as object | undefined) };
        hooks.received.push({ query, variables: variables ?? {}, headers: headers as IncomingHttpHeaders });
      },
      onClose: (context) => void contexts.delete(context),
    },
    sockets,
  );
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => {});
    const misbehave = hooks.misbehaviour();
    if (misbehave === undefined) {
      sockets.handleUpgrade(request, socket, head, (client) => sockets.emit('connection', client, request));
    } else {
      const response = new ServerResponse(request);
      response.assignSocket(socket as Socket);
      response.once('finish', () => socket.end());
      misbehave(request as Request, response as Response, () => {});
    }
  });
  return {
    // A subscription that is being opened is there, and null.
    openStreams: () =>
      [...contexts].flatMap(({ subscriptions }) => Object.values(subscriptions).filter(Boolean)).length,
    openSockets: () => sockets.clients.size,
    cut: () => sockets.clients.forEach((client) => client.terminate()),
  };
}
