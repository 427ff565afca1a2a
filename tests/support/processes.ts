import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { waitFor } from './wait-for.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A command of this repository as a process of its own. */
export interface RunningProcess {
  readonly child: ChildProcess;
  /** What it has printed, standard output and error together. */
  output(): string;
  /** Asks it to stop as Ctrl-C does. @returns the exit code; null when a signal ended it. */
  stop(): Promise<number | null>;
  /** `kill -9`. */
  kill(): Promise<void>;
  /** Waits for its end. @returns the exit code. */
  ended(): Promise<number | null>;
}

interface ProcessOptions {
  readonly args?: readonly string[];
  /** For its standard input. */
  readonly input?: string;
  /** A folder with everything compiled, as the image has it: runs there what the entry was compiled to, by Node and nothing else. */
  readonly image?: string;
}

/**
 * Starts a command.
 * @param entry its file, relative to the root of the repository.
 * @param environment added to a bare one: nothing that is set on the machine reaches the process.
 */
export function startProcess(
  entry: string,
  environment: Readonly<Record<string, string>>,
  { args = [], input, image }: ProcessOptions = {},
): RunningProcess {
  const command =
    image === undefined
      ? ['--conditions=@trellis/source', '--import', 'tsx', entry]
      : [entry.replace('/src/', '/dist/').replace(/[.]ts$/, '.js')];
  const child = spawn(process.execPath, [...command, ...args], {
    cwd: image ?? root,
    env: { PATH: process.env['PATH'], NO_COLOR: '1', APOLLO_TELEMETRY_DISABLED: 'true', ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(input);
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (printed += String(chunk)));
  const exit = once(child, 'exit').then(([code]) => code as number | null);
  return {
    child,
    output: () => printed,
    ended: () => exit,
    async stop() {
      child.kill('SIGINT');
      return exit;
    },
    async kill() {
      child.kill('SIGKILL');
      await exit;
    },
  };
}

/** Runs a command to its end. @throws with what it printed when its exit code is not 0. */
export async function runToEnd(...parameters: Parameters<typeof startProcess>): Promise<string> {
  const running = startProcess(...parameters);
  const code = await running.ended();
  if (code !== 0) throw new Error(`${parameters[0]} ended with ${code}: ${running.output()}`);
  return running.output();
}

/** Waits until a URL answers 200. @throws with what the process printed when it ends before, or it takes too long. */
export async function untilReady(running: RunningProcess, url: string): Promise<void> {
  await waitFor(
    `${url} to answer 200`,
    async () => {
      if (running.child.exitCode !== null) return true;
      return (await fetch(url)).status === 200;
    },
    60_000,
  ).catch((error: unknown) => {
    throw new Error(`not ready: ${running.output()}`, { cause: error });
  });
  if (running.child.exitCode !== null) throw new Error(`ended at its start: ${running.output()}`);
}

/** Ports that nobody listens on at the moment. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
