import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What a process holds, in bytes. */
export interface MemoryInUse {
  /** Objects that are reachable. */
  readonly heapBytes: number;
  /** Pages of the process that are in memory. What V8 has freed it may keep for later. */
  readonly residentBytes: number;
}

/** Collects what is not reachable any more, and tells what is left. */
export function memoryInUse(): MemoryInUse {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // What finalizers let go of is collected by the second.
  collect();
  collect();
  const { heapUsed, rss } = process.memoryUsage();
  return { heapBytes: heapUsed, residentBytes: rss };
}
