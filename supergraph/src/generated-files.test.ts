import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { replaceFile } from './generated-files.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trellis-generated-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('replacing a file', () => {
  it('makes the folder and the file, and leaves nothing else', () => {
    const path = join(folder, 'generated', 'a.txt');

    expect(replaceFile(path, 'new')).toBe(true);

    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(readdirSync(join(folder, 'generated'))).toEqual(['a.txt']);
  });

  it('puts another file in the place of the old one, so that a reader never sees half of it', () => {
    const path = join(folder, 'a.txt');
    writeFileSync(path, 'old');
    const before = statSync(path).ino;

    expect(replaceFile(path, 'new')).toBe(true);

    expect(statSync(path).ino).not.toBe(before);
  });

  it('leaves a file alone that says the same, so that no watcher wakes up', () => {
    const path = join(folder, 'a.txt');
    writeFileSync(path, 'same');
    const before = statSync(path);

    expect(replaceFile(path, 'same')).toBe(false);

    expect(statSync(path).ino).toBe(before.ino);
  });
});
