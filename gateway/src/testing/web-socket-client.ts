import { once } from 'node:events';
import WebSocket from 'ws';
import { waitUntil } from './wait-until.ts';

/** A message of the protocol graphql-transport-ws. */
export interface Message {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}

/** A client that says what it is told and keeps what it hears. */
export class Conversation {
  readonly heard: Message[] = [];
  readonly socket: WebSocket;
  /** The code and the reason that the socket was closed with. */
  readonly closing: Promise<readonly [number, string]>;

  constructor(url: string, headers: Record<string, string> = {}) {
    this.socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { headers });
    this.socket.on('message', (data: Buffer) => this.heard.push(JSON.parse(data.toString()) as Message));
    this.closing = once(this.socket, 'close').then(
      ([code, reason]) => [code as number, String(reason)] as const,
    );
  }

  /** Just the code. */
  get closed(): Promise<number> {
    return this.closing.then(([code]) => code);
  }

  async say(message: object): Promise<void> {
    if (this.socket.readyState === WebSocket.CONNECTING) await once(this.socket, 'open');
    this.socket.send(JSON.stringify(message));
  }

  /** Begins the conversation, with what the payload of `connection_init` is to hold. */
  async greet(payload: object = {}): Promise<void> {
    await this.say({ type: 'connection_init', payload });
    await this.hear('connection_ack');
  }

  /** Waits for a message of one of some types. */
  async hear(...types: string[]): Promise<Message> {
    const find = (): Message | undefined => this.heard.find(({ type }) => types.includes(type));
    await waitUntil(() => find() !== undefined);
    return find()!;
  }

  async leave(): Promise<void> {
    this.socket.close();
    await this.closing;
  }
}
