import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { plantedBugs } from './bugs.ts';
import { copySource } from './copy-source.ts';

const remove = (folder: string): void => rmSync(folder, { recursive: true, force: true });

describe('the planted bugs', () => {
  it.each(plantedBugs.map((bug) => [bug.name, bug] as const))('fit the source: %s', (name, { edits }) => {
    const copy = copySource(name, edits);
    try {
      for (const { file, find, replace } of edits) {
        const changed = readFileSync(join(copy, file), 'utf8');
        expect(changed).toContain(replace);
        if (!replace.includes(find)) expect(changed).not.toContain(find);
      }
    } finally {
      remove(copy);
    }
  });

  it('are refused where the source has changed', () => {
    const file = 'package.json';
    const absent = { file, find: 'nobody has written this', replace: '' };
    const frequent = { file, find: '"', replace: '' };
    expect(() => copySource('absent', [absent])).toThrow('package.json 0 times');
    expect(() => copySource('frequent', [frequent])).toThrow('has to stand there once');
  });
});
