/**
 * As much of an `AbortSignal` as the gateway needs, so that one of those will do too. Making one of those is a noticeable part of the work that a small
 * request is, and a request has several.
 */
export interface LeaveSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
  addEventListener(type: 'abort', listener: () => void, options?: { readonly once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** Tells all who listen that something is given up. */
export interface Aborting {
  readonly signal: LeaveSignal;
  /** @param reason an `AbortError` when absent. */
  abort(reason?: unknown): void;
}

export function createAborting(): Aborting {
  const signal = new Leaving();
  return { signal, abort: (reason) => signal.abort(reason) };
}

class Leaving implements LeaveSignal {
  aborted = false;
  reason: unknown;
  /** Most have one listener or none. */
  #listeners: Set<() => void> | undefined;

  abort(reason: unknown = new DOMException('This operation was aborted', 'AbortError')): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    const listeners = this.#listeners;
    this.#listeners = undefined;
    for (const listener of listeners ?? []) listener();
  }

  throwIfAborted(): void {
    if (this.aborted) throw this.reason;
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    if (!this.aborted) (this.#listeners ??= new Set()).add(listener);
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners?.delete(listener);
  }
}
