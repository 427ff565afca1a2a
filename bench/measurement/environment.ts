import { cpus, loadavg, platform, release, totalmem } from 'node:os';

/** What the figures depend on besides the contenders. */
export interface Environment {
  readonly takenAt: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly system: string;
  readonly node: string;
  /** Before the run: what else the machine was busy with, in processes that wanted a core (over 1, 5 and 15 minutes). */
  readonly loadBefore: readonly number[];
}

export function describeEnvironment(now: Date): Environment {
  const processors = cpus();
  return {
    takenAt: now.toISOString(),
    processor: processors[0]?.model ?? 'unknown',
    cores: processors.length,
    memoryGb: Math.round(totalmem() / 1024 ** 3),
    system: `${platform()} ${release()}`,
    node: process.version,
    loadBefore: loadavg().map((value) => Number(value.toFixed(2))),
  };
}
