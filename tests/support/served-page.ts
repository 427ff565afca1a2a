import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';

/** A page whose only script is ours, on an origin of its own. */
export interface ServedPage {
  /** `http://127.0.0.1:40123/` */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Bundles a module as a frontend's build does, and serves an empty page that has its exports as the global `name`.
 * @param entry its file, relative to the root of the repository.
 * @throws when something in it cannot run in a browser, as a module of Node's cannot.
 */
export async function servePageWith(entry: string, name: string): Promise<ServedPage> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    platform: 'browser',
    conditions: ['@trellis/source'],
    format: 'iife',
    globalName: name,
    logLevel: 'silent',
  });
  const script = outputFiles[0]!.text;
  const server = createServer((request, response) => {
    const isScript = request.url === '/script.js';
    response.writeHead(200, {
      'content-type': `${isScript ? 'text/javascript' : 'text/html'}; charset=utf-8`,
    });
    response.end(
      isScript ? script : '<!doctype html><title>A page</title><script src="/script.js"></script>',
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
