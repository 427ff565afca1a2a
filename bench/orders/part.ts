import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { forkPart, nextMessage } from '../measurement/processes.ts';

/** What a process of the benchmark can be asked to do, by name. */
export type PartFunctions = Readonly<Record<string, (argument: never) => Promise<unknown>>>;

interface Call {
  readonly name: string;
  readonly argument: unknown;
}

type Answer =
  { readonly kind: 'done'; readonly result: unknown } | { readonly kind: 'failed'; readonly reason: string };

/** A process of the benchmark. It does one thing at a time. */
export interface Part<F extends PartFunctions> {
  readonly pid: number;
  /** @throws Error with what the function threw there. */
  call<K extends keyof F & string>(
    name: K,
    argument: Parameters<F[K]>[0],
  ): Promise<Awaited<ReturnType<F[K]>>>;
  stop(): Promise<void>;
}

const parts = new Set<ChildProcess>();
process.on('exit', () => parts.forEach((child) => child.kill('SIGKILL')));

/** @param file a module that calls {@link servePart}. */
export function startPart<F extends PartFunctions>(file: URL, nodeOptions: readonly string[] = []): Part<F> {
  const child = forkPart(file, nodeOptions);
  parts.add(child);
  const ended = once(child, 'exit').then(() => void parts.delete(child));
  return {
    pid: child.pid ?? -1,
    async call(name, argument) {
      child.send({ name, argument } satisfies Call);
      const answer = (await nextMessage(child)) as Answer;
      if (answer.kind === 'failed') throw new Error(`${name}: ${answer.reason}`);
      return answer.result as never;
    },
    async stop() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

/** Answers the calls of the process that forked this one, and ends with it. */
export function servePart(functions: PartFunctions, stop: () => Promise<void>): void {
  process.on('message', (message) => {
    const { name, argument } = message as Call;
    const called = functions[name] as ((argument: unknown) => Promise<unknown>) | undefined;
    void Promise.resolve()
      .then(() => {
        if (called === undefined) throw new Error('there is no such function');
        return called(argument);
      })
      .then(
        (result): Answer => ({ kind: 'done', result }),
        (error: unknown): Answer => ({ kind: 'failed', reason: String((error as Error).stack ?? error) }),
      )
      .then((answer) => process.send?.(answer));
  });
  process.on('disconnect', () => void stop().finally(() => process.exit()));
}
