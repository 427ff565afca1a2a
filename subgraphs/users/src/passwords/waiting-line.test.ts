import { describe, expect, it } from '@jest/globals';
import { PasswordHasherBusyError } from '../application/password-hasher.ts';
import { createWaitingLine } from './waiting-line.ts';

/** A work that ends when it is told to. */
function work(name: string, begun: string[]) {
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const run = async (): Promise<string> => {
    begun.push(name);
    await ended;
    return name;
  };
  return { run, end };
}

describe('the waiting line', () => {
  it('runs so many at once, and the others in the order they came', async () => {
    const begun: string[] = [];
    const line = createWaitingLine(2, 10);
    const works = ['a', 'b', 'c', 'd'].map((name) => work(name, begun));
    const results = works.map(({ run }) => line.run(run));
    await Promise.resolve();
    expect(begun).toEqual(['a', 'b']);

    works[1]!.end();
    await results[1];
    works.forEach(({ end }) => end());
    expect(await Promise.all(results)).toEqual(['a', 'b', 'c', 'd']);
    expect(begun).toEqual(['a', 'b', 'c', 'd']);
  });

  it('goes on behind a work that fails', async () => {
    const line = createWaitingLine(1, 10);
    const failing = line.run(() => Promise.reject(new Error('no luck')));
    const next = line.run(async () => 'done');
    await expect(failing).rejects.toThrow('no luck');
    expect(await next).toBe('done');
  });

  it('gives the place of one that leaves to another', async () => {
    const line = createWaitingLine(1, 1);
    const first = work('first', []);
    const leaving = new AbortController();
    const running = line.run(first.run);
    const waiting = line.run(async () => 'never', leaving.signal);
    await expect(line.run(async () => 'no place')).rejects.toThrow(PasswordHasherBusyError);

    leaving.abort();
    await expect(waiting).rejects.toBe(leaving.signal.reason);
    const next = line.run(async () => 'next');
    first.end();
    expect([await running, await next]).toEqual(['first', 'next']);
  });
});
