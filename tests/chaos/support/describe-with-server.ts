import { afterAll, beforeAll, describe, it } from '@jest/globals';

/**
 * A suite with a server of its own, started before its tests and removed after them. Where the server is not installed the suite is
 * skipped and one line on standard error says so; with REQUIRE_SERVICES=1 it fails instead.
 * @param missing what is not installed, as the rest of a sentence that begins with the suite's title; undefined when all is there.
 * @param define gets a function that gives the server inside tests and hooks.
 */
export function describeWithServer<S extends { remove(): Promise<void> }>(
  title: string,
  missing: string | undefined,
  start: () => Promise<S>,
  define: (running: () => S) => void,
): void {
  if (missing !== undefined) {
    const line = `"${title}" ${missing}`;
    if (process.env['REQUIRE_SERVICES'] !== '1') {
      process.stderr.write(`skipped ${line}\n`);
      describe.skip(title, () => it('needs its server', () => undefined));
      return;
    }
    describe(title, () => {
      it('has the services it needs', () => {
        throw new Error(line);
      });
    });
    return;
  }
  describe(title, () => {
    let server: S | undefined;
    beforeAll(async () => {
      server = await start();
    });
    afterAll(() => server?.remove());
    define(() => {
      if (server === undefined) throw new Error('the server runs inside tests and hooks only');
      return server;
    });
  });
}
