import type { IncomingHttpHeaders } from 'node:http';
import { correlationHeader } from '../telemetry/correlation.ts';

/** What a client may say of a WebSocket in the payload of `connection_init`, as it would in headers that browsers cannot set. */
const inPayload = ['authorization', correlationHeader, 'traceparent'];

/**
 * The headers of a connection: those of the handshake, and before them what the payload of `connection_init` says, in itself or within
 * its `headers`.
 */
export function webSocketHeaders(
  payload: Readonly<Record<string, unknown>> | undefined,
  handshake: IncomingHttpHeaders,
): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(handshake))
    if (value !== undefined) headers[name] = value.toString();
  for (const source of [payload?.['headers'], payload]) {
    if (typeof source !== 'object' || source === null) continue;
    for (const [name, value] of Object.entries(source)) {
      // Something that is no text is still a claim to be somebody; it must not pass as anonymous.
      if (inPayload.includes(name.toLowerCase()) && value !== undefined && value !== null) {
        headers[name.toLowerCase()] = String(value);
      }
    }
  }
  return headers;
}
