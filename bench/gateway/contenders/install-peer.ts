import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { peersFolder } from '../folders.ts';
import { runCommand } from '../../measurement/processes.ts';

/**
 * Installs a gateway that is no dependency of the project, unless it is there in the version that its folder pins. No script of any
 * package is run.
 * @returns the folder that it is installed in.
 * @throws Error when it cannot be installed.
 */
export async function installPeer(name: string): Promise<string> {
  const folder = join(peersFolder, name);
  const { dependencies } = manifest(folder) as { dependencies: Readonly<Record<string, string>> };
  const missing = Object.entries(dependencies).some(([dependency, version]) => {
    const installed = join(folder, 'node_modules', dependency);
    return !existsSync(join(installed, 'package.json')) || manifest(installed).version !== version;
  });
  if (missing) {
    process.stderr.write(`installing ${name} into ${folder}\n`);
    // Not `npm ci`: it refuses when the registry lacks a binary of some other platform.
    const args = ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund'];
    await runCommand({ file: 'npm', args, cwd: folder });
  }
  return folder;
}

function manifest(folder: string): { readonly version?: string } {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version?: string };
}
