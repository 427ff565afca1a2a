import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { lockDirectory } from './directory-lock.ts';

describe('the lock of a data directory', () => {
  let home: string;
  let directory: string;

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'trellis-lock-'));
    directory = join(home, 'orders');
  });

  afterEach(() => rmSync(home, { recursive: true }));

  it('refuses a second owner in the same process and names the directory', () => {
    const unlock = lockDirectory(directory);
    expect(() => lockDirectory(directory)).toThrow(`${directory} is in use by this process`);
    unlock();
  });

  it('refuses the directory of another living process', () => {
    writeFileSync(`${directory}.lock`, String(process.ppid));
    expect(() => lockDirectory(directory)).toThrow(`is in use by process ${process.ppid}`);
    expect(existsSync(`${directory}.lock`)).toBe(true);
  });

  it('takes over the lock of a process that is gone', () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    writeFileSync(`${directory}.lock`, String(pid));
    lockDirectory(directory)();
    expect(existsSync(`${directory}.lock`)).toBe(false);
  });

  it('takes over a lock that names our own process id from an earlier life', () => {
    writeFileSync(`${directory}.lock`, String(process.pid));
    expect(() => lockDirectory(directory)()).not.toThrow();
  });

  it('can be taken again after it was given back', () => {
    lockDirectory(directory)();
    expect(() => lockDirectory(directory)()).not.toThrow();
  });
});
