import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** `NAME VERSION` of a package, as somebody in that folder would get it. */
export function packageVersion(name: string, folder: string): string {
  const places = createRequire(join(folder, 'package.json')).resolve.paths(name) ?? [];
  for (const place of places) {
    try {
      const manifest = JSON.parse(readFileSync(join(place, name, 'package.json'), 'utf8')) as {
        version: string;
      };
      return `${name} ${manifest.version}`;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  throw new Error(`${name} is not installed for ${dirname(folder)}`);
}
