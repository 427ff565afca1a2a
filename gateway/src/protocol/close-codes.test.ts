import { readFile } from 'node:fs/promises';
import { closeReasons, internalError, tokenRefused, tryAgainLater } from './close-codes.ts';

describe('the codes that sockets are closed with', () => {
  it('are in the guide, and their reasons fit into a closing frame', async () => {
    const guide = await readFile(new URL('../../../docs/guides/transports.md', import.meta.url), 'utf8');
    const documented = [...guide.matchAll(/^\| (\d{4}) \|/gm)].map(([, code]) => Number(code));

    expect(documented).toEqual(
      [...closeReasons.keys(), 1009, tryAgainLater, tokenRefused].sort((one, other) => one - other),
    );
    expect(closeReasons.has(internalError)).toBe(true);
    // RFC 6455, section 5.5: 125 bytes, of which two are the code.
    for (const reason of closeReasons.values()) expect(Buffer.byteLength(reason)).toBeLessThanOrEqual(123);
  });
});
