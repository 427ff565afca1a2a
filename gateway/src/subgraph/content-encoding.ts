import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { SubrequestFailure } from './subrequest-failure.ts';

type Decompress = typeof gunzip;

const decompressors: Readonly<Record<string, Decompress>> = {
  gzip: gunzip,
  'x-gzip': gunzip,
  deflate: inflate,
  br: brotliDecompress,
};

/** What `accept-encoding` says when compressed answers are asked for. */
export const acceptedEncodings = 'gzip, br, deflate';

/** Unpacks a whole body. @throws SubrequestFailure when it is damaged, or larger than `maxBytes` once unpacked. */
export type Unpack = (body: Buffer, maxBytes: number) => Promise<Buffer>;

/**
 * How a body of this `content-encoding` is read.
 * @returns `plain` when it is as it came; undefined when the encoding, or the number of encodings, is none that is understood.
 */
export function contentEncoding(header: string | string[] | undefined): 'plain' | Unpack | undefined {
  if (header === undefined || header === 'identity') return 'plain';
  const name = String(header).trim().toLowerCase();
  // `none` is no coding of the registry's; graphql-sse says it to keep proxies from packing its events.
  if (name === 'identity' || name === 'none' || name === '') return 'plain';
  if (!Object.hasOwn(decompressors, name)) return undefined;
  return (body, maxBytes) => unpack(decompressors[name]!, body, maxBytes);
}

function unpack(decompress: Decompress, body: Buffer, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // zlib stops at the bound: what a small body would unpack to beyond it is never held.
    decompress(body, { maxOutputLength: maxBytes }, (error, unpacked) => {
      if (error === null) resolve(unpacked);
      else if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') reject(tooLarge(maxBytes));
      else reject(new SubrequestFailure('SUBREQUEST_MALFORMED_RESPONSE', `damaged: ${error.message}`));
    });
  });
}

/** The failure of a body that is larger than the gateway takes. */
export function tooLarge(maxBytes: number): SubrequestFailure {
  return new SubrequestFailure('SUBREQUEST_RESPONSE_TOO_LARGE', `more than ${maxBytes} bytes`);
}
