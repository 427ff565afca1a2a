/** Where the results of a subscription arrive. After `error` or `complete` nothing more is taken. */
export interface ResultSink<T> {
  next(value: T): void;
  error(error: unknown): void;
  complete(): void;
}

/**
 * Turns what arrives in a sink into an async iterable for one reader. It begins at once, so that nothing is missed between
 * subscribing and the first `next()`; what arrives meanwhile is kept, an early error or end included.
 * @param start begins, and returns what ends it.
 */
export function createResultStream<T extends object>(
  start: (sink: ResultSink<T>) => () => void,
): AsyncIterableIterator<T> {
  const arrived: T[] = [];
  const readers: { resolve(result: IteratorResult<T>): void; reject(error: unknown): void }[] = [];
  let ended = false;
  let failure: { readonly error: unknown } | undefined;

  const finish = (outcome?: { readonly error: unknown }): void => {
    if (ended) return;
    ended = true;
    failure = outcome;
    for (const reader of readers.splice(0)) settle(reader);
  };
  const settle = (reader: (typeof readers)[number]): void => {
    if (failure !== undefined) {
      const { error } = failure;
      failure = undefined; // an iterator throws once and is done then
      reader.reject(error);
    } else reader.resolve({ done: true, value: undefined });
  };
  const stop = start({
    next(value) {
      if (ended) return;
      const reader = readers.shift();
      if (reader === undefined) arrived.push(value);
      else reader.resolve({ done: false, value });
    },
    error: (error) => finish({ error }),
    complete: () => finish(),
  });

  return {
    next() {
      const value = arrived.shift();
      if (value !== undefined) return Promise.resolve({ done: false, value });
      return new Promise((resolve, reject) => {
        if (ended) settle({ resolve, reject });
        else readers.push({ resolve, reject });
      });
    },
    return() {
      arrived.length = 0;
      finish();
      failure = undefined;
      stop();
      return Promise.resolve({ done: true, value: undefined });
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
