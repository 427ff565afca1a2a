import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Compiles the workspaces and lays them out as the Dockerfile does: `dist/`, schemas and migrations without any source, and of
 * node_modules only what `npm ci --omit=dev` would install.
 * @returns the folder, a temporary one.
 * @throws with what the compiler printed when something does not compile.
 */
export function compileImage(): string {
  const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', 'build'], {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32', // npm is a script there
  });
  if (status !== 0) throw new Error(`the workspaces do not compile:\n${stdout}${stderr}`);
  const image = mkdtempSync(join(tmpdir(), 'trellis-image-'));
  for (const folder of ['gateway', 'packages', 'subgraphs']) {
    cpSync(join(root, folder), join(image, folder), {
      recursive: true,
      filter: (path) => !/[\\/](node_modules|src|failpoints)$|[.]tsbuildinfo$/.test(path),
    });
  }
  cpSync(join(root, 'supergraph/generated'), join(image, 'supergraph/generated'), { recursive: true });
  linkProductionDependencies(image);
  return image;
}

/** An entry of package-lock.json: a folder below some node_modules. */
interface LockedPackage {
  readonly dev?: boolean;
  /** A workspace, at `resolved`. */
  readonly link?: boolean;
  readonly resolved?: string;
}

function linkProductionDependencies(image: string): void {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Readonly<Record<string, LockedPackage>>;
  };
  for (const [path, locked] of Object.entries(packages)) {
    // What stands deeper comes along with the folder that it is in.
    if (path.split('node_modules/').length !== 2 || locked.dev === true) continue;
    mkdirSync(dirname(join(image, path)), { recursive: true });
    if (locked.link === true) symlinkSync(join(image, locked.resolved!), join(image, path));
    else symlinkSync(join(root, path), join(image, path));
  }
}
