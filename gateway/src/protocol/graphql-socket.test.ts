import { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { jest } from '@jest/globals';
import type { Server } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { createRecordingLogger } from '../../../tests/support/recording-logger.ts';
import { speakGraphql, type SocketExtra } from './graphql-socket.ts';

/** A socket of a client that answers pings, also those that it has not taken. */
class Client extends EventEmitter {
  isCut = false;
  readonly takes: boolean;

  constructor(takes: boolean) {
    super();
    this.takes = takes;
  }
  ping(_data: string, _mask: boolean, done: () => void): void {
    if (this.takes) done();
    this.emit('pong');
  }
  terminate(): void {
    this.isCut = true;
  }
}

describe('a client of a socket', () => {
  const server = { opened: () => async () => {} } as unknown as Server<SocketExtra>;

  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it.each([
    ['is kept while it takes pings and answers them', true, false],
    ['is cut off when it takes nothing, whatever it says', false, true],
  ])('%s', (_what, takes, isCut) => {
    const client = new Client(takes);
    const socket = client as unknown as WebSocket;
    speakGraphql(server, socket, {} as IncomingMessage, createRecordingLogger().logger);

    jest.advanceTimersByTime(60_000);

    client.emit('close', 1000, '');
    expect(client.isCut).toBe(isCut);
  });
});
