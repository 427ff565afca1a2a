/** The end of `npm run build`: removes the failpoints from everything that was compiled. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withoutFailpoints } from './without-failpoints.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const workspaces = ['gateway', 'platform', 'supergraph', ...foldersOf('packages'), ...foldersOf('subgraphs')];

for (const path of workspaces.flatMap(compiledModules)) {
  const code = readFileSync(path, 'utf8');
  try {
    const production = withoutFailpoints(code);
    if (production !== code) writeFileSync(path, production);
  } catch (error) {
    console.error(`${path}: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}

function foldersOf(parent: string): string[] {
  return readdirSync(join(root, parent)).map((folder) => join(parent, folder));
}

function compiledModules(workspace: string): string[] {
  const dist = join(root, workspace, 'dist');
  if (!existsSync(dist)) return [];
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' });
  return files.filter((file) => file.endsWith('.js')).map((file) => join(dist, file));
}
