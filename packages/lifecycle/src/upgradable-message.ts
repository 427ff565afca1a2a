import { IncomingMessage } from 'node:http';

const wanted = Symbol('upgrade wanted');

/**
 * A request that is an upgrade only when it asks for WebSocket. By itself Node gives every upgrade to the server's `upgrade`
 * listeners, with no response to answer by, where there is one: clients that offer HTTP/2 in passing (`Upgrade: h2c`, as `curl --http2` does)
 * would go without an answer. Node asks `upgrade` of each request once its headers are known.
 */
export class UpgradableMessage extends IncomingMessage {
  // No field: the constructor of Node's class sets `upgrade` before a field of ours would be there.
  declare private [wanted]: boolean | null;

  get upgrade(): boolean {
    if (this[wanted] !== true) return false;
    return this.method === 'CONNECT' || this.headers.upgrade?.toLowerCase() === 'websocket';
  }

  set upgrade(isWanted: boolean | null) {
    this[wanted] = isWanted;
  }
}
