import { parseArmings } from './arming.ts';
import type { FailpointName } from './failpoints.ts';

const armings = parseArmings(process.env['FAILPOINTS'] ?? '');
const passes = armings.map(() => 0);

/**
 * Marks a step at which a process under test can be made to die: with `FAILPOINTS="outbox.confirmed=kill@3"` in its environment, the third
 * pass of that step is its last. Does nothing otherwise, and is in no build (see `remove-from-builds.ts`): so it has to be a statement of its own
 * on a line of its own.
 * @param about tells passes apart: the type of the event that is handled.
 */
export function failpoint(name: FailpointName, about?: string): void {
  for (const [index, arming] of armings.entries()) {
    if (arming.name !== name || (arming.about !== undefined && arming.about !== about)) continue;
    passes[index]! += 1;
    // By signal, not by `process.exit`: nothing may be cleaned up, and nothing written that was not.
    if (passes[index] === arming.pass) process.kill(process.pid, 'SIGKILL');
  }
}
