import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import type { TcpProxy } from '../../support/tcp-proxy.ts';
import { pause, type Part } from './part.ts';
import { signalTree } from './process-tree.ts';

export interface ServerProcessOptions {
  readonly name: string;
  readonly command: readonly [file: string, ...args: string[]];
  readonly spawn: SpawnOptions;
  /** Gets what it prints. */
  readonly logFile: string;
  /** Whether it serves; may throw as long as it does not. */
  readonly isReady: () => Promise<boolean>;
  /** By which it is asked to stop. Default SIGTERM. */
  readonly stopSignal?: NodeJS.Signals;
  readonly proxy?: TcpProxy;
}

/** A part that is a process, with all that it starts. */
export interface ServerProcess extends Part {
  /** How it ended where nobody had asked for it, once it had served. */
  readonly crashes: readonly string[];
}

/** However slow the machine, and however long what it needs is away. */
const startTimeoutMs = 120_000;
const stopTimeoutMs = 60_000;

const everyProcess = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of everyProcess) if (child.pid !== undefined) signalTree(child.pid, 'SIGKILL');
});

/** Makes a part of a command. It is not started yet. */
export function createServerProcess(options: ServerProcessOptions): ServerProcess {
  const { name, stopSignal = 'SIGTERM' } = options;
  const crashes: string[] = [];
  let running: ChildProcess | undefined;
  /** Whether the end of the process is what was asked for. */
  let isToEnd = false;

  function launch(): ChildProcess {
    const log = openSync(options.logFile, 'a');
    const [file, ...args] = options.command;
    const child = spawn(file, args, { ...options.spawn, stdio: ['pipe', log, log] });
    closeSync(log);
    everyProcess.add(child);
    child.once('exit', () => everyProcess.delete(child));
    return child;
  }

  /** Starts again what ends before it serves, as an orchestrator does: what it needs may be away. */
  async function start(): Promise<void> {
    const deadline = Date.now() + startTimeoutMs;
    isToEnd = false;
    let child = launch();
    running = child;
    while (!(await options.isReady().catch(() => false))) {
      if (Date.now() > deadline) throw new Error(`${name} did not come up; see ${options.logFile}`);
      await pause(50);
      if (hasEnded(child)) {
        await pause(200);
        child = launch();
        running = child;
      }
    }
    const served = child;
    served.once('exit', (code, signal) => {
      if (isToEnd || running !== served) return;
      crashes.push(`${name} ended by itself (${signal ?? `code ${code}`}); see ${options.logFile}`);
      void start();
    });
  }

  async function end(signal: NodeJS.Signals, tree: boolean): Promise<void> {
    const child = running;
    isToEnd = true;
    if (child?.pid === undefined || hasEnded(child)) return;
    const ended = once(child, 'exit');
    if (tree) signalTree(child.pid, signal);
    else child.kill(signal);
    const lateness = setTimeout(() => {
      crashes.push(`${name} did not stop within ${stopTimeoutMs / 1_000} s of ${signal}`);
      signalTree(child.pid!, 'SIGKILL');
    }, stopTimeoutMs);
    await ended;
    clearTimeout(lateness);
  }

  const signal = (name: NodeJS.Signals): void => {
    if (running?.pid !== undefined && !hasEnded(running)) signalTree(running.pid, name);
  };
  return {
    name,
    crashes,
    ...(options.proxy === undefined ? {} : { proxy: options.proxy }),
    start,
    kill: () => end('SIGKILL', true),
    terminate: () => end(stopSignal, false),
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
  };
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
