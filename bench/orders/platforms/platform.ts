import type { RunningProcess } from '../../measurement/processes.ts';

/** Trellis at work, with nothing of anyone else in it. */
export interface Platform {
  /** Of the gateway's GraphQL endpoint. */
  readonly url: string;
  /** An administrator who may add products. */
  readonly admin: { readonly email: string; readonly password: string };
  /** By the names of what runs in them. */
  readonly processes: Readonly<Record<string, RunningProcess>>;
  /** Ends the processes, and removes all that they have stored. */
  remove(): Promise<void>;
}

/** How the processes of the product are run. */
export interface ProcessOptions {
  /** Before the entry on Node's command line. */
  readonly nodeOptions: readonly string[];
}

/** The command line of a TypeScript entry of this repository. */
export function sourceCommand(
  entry: string,
  env: Readonly<Record<string, string>>,
  { nodeOptions }: ProcessOptions,
) {
  return {
    file: process.execPath,
    args: [...nodeOptions, '--conditions=@trellis/source', '--import', 'tsx', entry],
    env: { APOLLO_TELEMETRY_DISABLED: 'true', ...env },
  };
}

/** @throws Error with what the process printed when it ends first or takes too long. */
export async function untilReady(running: RunningProcess, origin: string): Promise<void> {
  let ended = false;
  void running.ended.then(() => (ended = true));
  const deadline = performance.now() + 60_000;
  for (;;) {
    const answer = await fetch(`${origin}/health/ready`).catch(() => undefined);
    if (answer?.status === 200) return;
    if (ended || performance.now() > deadline) throw new Error(`not ready: ${running.output()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
