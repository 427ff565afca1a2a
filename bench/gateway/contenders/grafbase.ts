import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Supergraph } from '@apollo/federation-internals';
import type { Contender } from './contender.ts';
import { installPeer } from './install-peer.ts';
import { packageVersion } from './package-version.ts';

/** The platforms that npm has a binary for, as Node calls them. */
const targets: Readonly<Record<string, string>> = {
  'linux-x64': 'x86_64-unknown-linux-musl',
  'linux-arm64': 'aarch64-unknown-linux-musl',
};

/**
 * Grafbase's gateway, in Rust. npm has it as the development server within Grafbase's command, last of December 2024, which is the
 * same engine. That server composes for itself, so it is given the subgraphs that the supergraph is made of.
 */
export const grafbase: Contender = {
  name: 'grafbase',
  title: 'Grafbase (Rust)',
  async prepare({ supergraphSdl, folder }) {
    const target = targets[`${process.platform}-${process.arch}`];
    if (target === undefined) throw new Error(`npm has no Grafbase for ${process.platform} ${process.arch}`);
    const peer = await installPeer('grafbase');
    const binary = join(peer, 'node_modules', '@grafbase', `cli-${target}`, 'grafbase');
    if (!existsSync(binary)) throw new Error(`there is no ${binary}`);
    const { gateway, overrides } = writeConfiguration(supergraphSdl, join(folder, 'grafbase'));
    return {
      version: packageVersion('grafbase', peer),
      command: (port) => ({
        file: binary,
        args: [
          'dev',
          '--gateway-config',
          gateway,
          '--graph-overrides',
          overrides,
          ...['--port', String(port)],
        ],
        cwd: folder,
        // It looks for a user's login otherwise.
        env: { HOME: folder },
      }),
    };
  },
};

/** Both files must name every subgraph: with one of them the server panics. */
function writeConfiguration(supergraphSdl: string, folder: string): { gateway: string; overrides: string } {
  mkdirSync(folder, { recursive: true });
  const subgraphs = [...Supergraph.build(supergraphSdl, { supportedFeatures: null }).subgraphs()];
  for (const subgraph of subgraphs) {
    writeFileSync(join(folder, `${subgraph.name}.graphql`), subgraph.toString());
  }
  const table = (lines: (name: string, url: string) => readonly string[]) =>
    subgraphs.map(({ name, url }) => [`[subgraphs.${name}]`, ...lines(name, url)].join('\n')).join('\n\n');
  const gateway = join(folder, 'gateway.toml');
  const overrides = join(folder, 'overrides.toml');
  writeFileSync(
    gateway,
    table((_, url) => [`url = ${JSON.stringify(url)}`]),
  );
  writeFileSync(
    overrides,
    table((name, url) => [
      `url = ${JSON.stringify(url)}`,
      `schema_path = ${JSON.stringify(join(folder, `${name}.graphql`))}`,
    ]),
  );
  return { gateway, overrides };
}
