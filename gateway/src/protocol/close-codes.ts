/**
 * Why the gateway closes a WebSocket. The codes from 4400 on are those of the graphql-transport-ws protocol, the others those of RFC 6455
 * (section 7.4.1) and its registry. A message of too many bytes is closed with 1009 by the WebSocket library.
 */
export const closeReasons: ReadonlyMap<number, string> = new Map([
  [1001, 'The gateway is stopping: connect again.'],
  [4400, 'The message is not one of the protocol graphql-transport-ws.'],
  [4401, 'An operation came before connection_init was acknowledged.'],
  [4406, 'The subprotocol must be graphql-transport-ws.'],
  [4408, 'connection_init did not come in time.'],
  [4409, 'An operation with this id is open already.'],
  [4429, 'connection_init came twice.'],
  [4500, 'Internal server error'],
]);

/** The token is not valid or has expired; the reason says which, in the words of the answer over HTTP. */
export const tokenRefused = 4403;

/** The token cannot be checked now; the same connection may be tried later. */
export const tryAgainLater = 1013;

export const goingAway = 1001;

export const internalError = 4500;
