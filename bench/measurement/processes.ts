import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** A command line and what it runs in. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  /** Added to `PATH` and `HOME`, which is all that is passed on from here. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** A process that was started here. */
export interface RunningProcess {
  readonly pid: number;
  /** Settles when it has ended. */
  readonly ended: Promise<void>;
  /** The end of what it has written, for telling why it failed. */
  output(): string;
  /** Ends it and all that it has started. */
  stop(): Promise<void>;
}

const running = new Set<RunningProcess & { killNow(): void }>();
const graceMs = 3_000;
const keptOutput = 4_000;

/** Starts a command in a process group of its own, so that nothing it starts can outlive it. */
export function startProcess(command: Command): RunningProcess {
  const child = spawn(command.file, command.args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], NO_COLOR: '1', ...command.env },
    ...(command.cwd === undefined ? {} : { cwd: command.cwd }),
  });
  let output = '';
  const keep = (chunk: Buffer) => (output = (output + chunk.toString()).slice(-keptOutput));
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', (error) => {
      keep(Buffer.from(String(error)));
      resolve();
    });
  });
  const signal = (name: NodeJS.Signals) => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  };
  const self = {
    pid: child.pid ?? -1,
    ended,
    output: () => output,
    killNow: () => signal('SIGKILL'),
    async stop() {
      signal('SIGTERM');
      await Promise.race([ended, pause(graceMs, undefined, { ref: false })]);
      signal('SIGKILL');
      await ended;
      running.delete(self);
    },
  };
  running.add(self);
  void ended.then(() => running.delete(self));
  return self;
}

/** Leaves nothing running when this process ends, whichever way. */
export function endProcessesOnExit(): void {
  process.on('exit', () => {
    for (const each of running) each.killNow();
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));
}

/**
 * Runs a command to its end.
 * @throws Error with the end of its output when it fails.
 */
export async function runCommand(command: Command): Promise<void> {
  const child = spawn(command.file, command.args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...command.env },
    ...(command.cwd === undefined ? {} : { cwd: command.cwd }),
  });
  let output = '';
  const keep = (chunk: Buffer) => (output = (output + chunk.toString()).slice(-keptOutput));
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${command.file} ${command.args.join(' ')} failed: ${output}`);
}

/** Starts a part of the benchmark, a TypeScript file, in a process of its own that is spoken to by messages. */
export function forkPart(file: URL, nodeOptions: readonly string[] = []): ChildProcess {
  return fork(file, { execArgv: [...nodeOptions, '--conditions=@trellis/source', '--import', 'tsx'] });
}

/**
 * The next message of a forked process.
 * @throws Error when it ends without one.
 */
export async function nextMessage(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) =>
      reject(new Error(`a process of the benchmark ended with ${String(code)}`));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      resolve(message);
    });
  });
}

/** A port of this machine that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('the system gave no port');
  return address.port;
}
