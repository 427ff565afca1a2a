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
  /** An array: most have one listener or two, and a set costs as much as what listens. */
  #listeners: (() => void)[] = [];

  abort(reason: unknown = new DOMException('This operation was aborted', 'AbortError')): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    // One that is taken away by another before its turn is not called.
    while (this.#listeners.length > 0) this.#listeners.shift()!();
  }

  throwIfAborted(): void {
    if (this.aborted) throw this.reason;
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    if (!this.aborted && !this.#listeners.includes(listener)) this.#listeners.push(listener);
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    const index = this.#listeners.indexOf(listener);
    if (index !== -1) this.#listeners.splice(index, 1);
  }
}
