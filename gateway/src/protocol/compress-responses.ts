import type { RequestListener } from 'node:http';
import compression from 'compression';
import type { Request, Response } from 'express';

/** Below a packet's worth, packing costs more than it saves. */
const thresholdBytes = 1_024;

/**
 * Packs larger responses for clients that say what they can unpack (RFC 9110, section 12.5.3); those of others are left alone, at no cost. Never
 * streams: each event would wait for the next one to fill the packer.
 */
export function compressResponses(listener: RequestListener): RequestListener {
  const compress = compression({
    threshold: thresholdBytes,
    filter: (request, response) =>
      !String(response.getHeader('content-type')).startsWith('text/event-stream') &&
      compression.filter(request, response),
  });
  return (request, response) => {
    if (request.headers['accept-encoding'] === undefined) listener(request, response);
    else compress(request as Request, response as Response, () => listener(request, response));
  };
}
