import { readdirSync, readFileSync } from 'node:fs';

/** What a process and all its descendants have used. */
export interface ProcessCost {
  /** Time on a processor, user and system, in milliseconds, since they started. Counted in ticks of 10 ms. */
  readonly cpuMs: number;
  /** Memory that is in use now, in bytes; what they share is counted for each. */
  readonly residentBytes: number;
}

/** `USER_HZ`: 100 on every Linux that Node runs on. */
const msPerTick = 10;

/**
 * Reads `/proc`, so it works on Linux only.
 * @throws Error when there is no such process.
 */
export function readProcessCost(pid: number): ProcessCost {
  let cpuMs = 0;
  let residentBytes = 0;
  for (const each of processTree(pid)) {
    try {
      cpuMs += cpuMsFromStat(readFileSync(`/proc/${each}/stat`, 'utf8'));
      residentBytes += residentBytesFromStatus(readFileSync(`/proc/${each}/status`, 'utf8'));
    } catch (error) {
      // A descendant may end while it is looked at; its time is its parent's then.
      if (each === pid) throw error;
    }
  }
  return { cpuMs, residentBytes };
}

/**
 * The process's own time and that of its children which have ended, from the text of `/proc/PID/stat` (proc(5): utime, stime, cutime
 * and cstime are fields 14 to 17).
 */
export function cpuMsFromStat(stat: string): number {
  // The second field is the name in parentheses, which may itself hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(11, 15).map(Number);
  if (ticks.length !== 4 || ticks.some((value) => !Number.isInteger(value))) {
    throw new Error(`not the text of /proc/PID/stat: ${stat}`);
  }
  return ticks.reduce((sum, value) => sum + value, 0) * msPerTick;
}

/** `VmRSS`, from the text of `/proc/PID/status`; a process that has ended and was not waited for has none. */
export function residentBytesFromStatus(status: string): number {
  const found = /^VmRSS:\s*(\d+) kB$/m.exec(status);
  return found === null ? 0 : Number(found[1]) * 1_024;
}

/** The process and its descendants, whichever of their threads started them. */
export function processTree(pid: number): number[] {
  const children = threadsOf(pid).flatMap((thread) => {
    try {
      const text = readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').trim();
      return text === '' ? [] : text.split(' ').map(Number);
    } catch {
      return []; // the thread has ended
    }
  });
  return [pid, ...children.flatMap(processTree)];
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return []; // the process has ended
  }
}
