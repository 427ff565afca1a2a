import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Manifest {
  readonly name: string;
  readonly files?: readonly string[];
  readonly scripts?: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

const root = new URL('../../', import.meta.url).pathname;
const manifestIn = (folder: string) =>
  JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;

/** A package and every workspace that it depends on. */
function withWorkspaces(manifest: Manifest): Manifest[] {
  const own = Object.keys(manifest.dependencies).filter((name) => name.startsWith('@trellis/'));
  return [
    manifest,
    ...own.flatMap((name) => withWorkspaces(manifestIn(name.replace('@trellis/', 'packages/')))),
  ];
}

const gateway = manifestIn('gateway');

describe('what npm packs of the gateway and of the workspaces that it needs', () => {
  it.each(withWorkspaces(gateway).map((manifest) => [manifest.name, manifest] as const))(
    'has all that %s is loaded by, and is compiled first',
    (_name, { files = [], scripts = {}, exports, bin = {} }) => {
      const loaded = Object.values(exports).flatMap((conditions) =>
        // The sources are for the repository itself.
        Object.entries(conditions).flatMap(([condition, file]) =>
          condition === '@trellis/source' ? [] : [file],
        ),
      );

      for (const file of [...loaded, ...Object.values(bin)]) {
        expect(files.some((packed) => file.startsWith(`./${packed}/`))).toBe(true);
      }
      expect(scripts['prepack']).toBe('tsc --build');
    },
  );

  it.each(withWorkspaces(gateway).map(({ name }) => name))(
    'says under which licence %s may be used',
    (name) => {
      const folder = name === gateway.name ? 'gateway' : name.replace('@trellis/', 'packages/');

      expect(readFileSync(join(root, folder, 'LICENSE'), 'utf8')).toBe(
        readFileSync(join(root, 'LICENSE'), 'utf8'),
      );
    },
  );

  it('is packed by one command', () => {
    const { 'pack:gateway': command = '' } = manifestIn('.').scripts ?? {};
    const named = [...command.matchAll(/--workspace (\S+)/g)].map(([, folder]) => manifestIn(folder!).name);

    expect(new Set(named)).toEqual(new Set(withWorkspaces(gateway).map(({ name }) => name)));
  });

  it('leaves graphql to the application: two copies in one process do not take each other’s schemas', () => {
    expect(gateway.dependencies).not.toHaveProperty('graphql');
    expect(gateway.peerDependencies).toHaveProperty('graphql');
  });
});
