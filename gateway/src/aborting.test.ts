import { createAborting } from './aborting.ts';

describe('aborting', () => {
  it('tells all who listen, once', () => {
    const aborting = createAborting();
    const told: string[] = [];
    aborting.signal.addEventListener('abort', () => told.push('a'));
    aborting.signal.addEventListener('abort', () => told.push('b'));

    aborting.abort(new Error('left'));
    aborting.abort(new Error('again'));

    expect(told).toEqual(['a', 'b']);
    expect(aborting.signal).toMatchObject({ aborted: true, reason: new Error('left') });
    expect(() => aborting.signal.throwIfAborted()).toThrow('left');
  });

  it('tells nobody who stopped listening, or began too late', () => {
    const { signal, abort } = createAborting();
    let told = 0;
    const listen = (): void => void (told += 1);
    signal.addEventListener('abort', listen);
    signal.removeEventListener('abort', listen);

    abort();
    signal.addEventListener('abort', listen);

    expect(told).toBe(0);
    expect(signal.reason).toMatchObject({ name: 'AbortError' });
  });
});
