import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { productionEnv, type Contender } from './contender.ts';
import { installPeer } from './install-peer.ts';
import { packageVersion } from './package-version.ts';

/** Hive Gateway with its Rust planner; equal requests to a subgraph that are in flight together are not shared. */
export const hive = hiveGateway('hive', 'Hive Gateway', {
  transportEntries: { '*.http': { options: { deduplicateInflightRequests: false } } },
});

/** The same, but equal requests of clients that are in flight together are executed once. */
export const hiveShared = hiveGateway('hive-shared', 'Hive Gateway, requests shared', {
  inboundInflightRequestDeduplication: true,
});

function hiveGateway(name: string, title: string, config: Readonly<Record<string, unknown>>): Contender {
  return {
    name,
    title,
    async prepare({ supergraphFile, folder, howToRun }) {
      const peer = await installPeer('hive');
      mkdirSync(folder, { recursive: true });
      const configFile = join(folder, `${name}.config.mjs`);
      writeFileSync(configFile, `export const gatewayConfig = ${JSON.stringify(config)};\n`);
      const command = join(peer, 'node_modules', '.bin', 'hive-gateway');
      return {
        version: `${packageVersion('@graphql-hive/gateway', peer)}, ${packageVersion('@graphql-hive/router-runtime', peer)}`,
        command: (port) => ({
          file: process.execPath,
          args: [
            ...howToRun.nodeOptions,
            ...[command, 'supergraph', supergraphFile, '--hive-router-runtime', '--config-path', configFile],
            ...['--host', '127.0.0.1', '--port', String(port)],
          ],
          cwd: peer,
          env: productionEnv,
        }),
      };
    },
  };
}
