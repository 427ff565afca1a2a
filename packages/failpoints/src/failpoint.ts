import { readFileSync } from 'node:fs';
import { parseArmings, type Arming } from './arming.ts';
import type { FailpointName } from './failpoints.ts';

const setting = process.env['FAILPOINTS'] ?? '';
let armed = '';
let armings: readonly Arming[] = [];
let passes: number[] = [];

arm();

/**
 * Marks a step at which a process under test can be made to die: with `FAILPOINTS="outbox.confirmed=kill@3"` in its environment, the third
 * pass of that step is its last. `FAILPOINTS=@<file>` reads what is armed from a file whenever a step is passed, so that a process can be armed
 * while it runs. Does nothing otherwise, and is in no build (see `remove-from-builds.ts`): so it has to be a statement of its own on a line of its own.
 * @param about tells passes apart: the type of the event that is handled.
 */
export function failpoint(name: FailpointName, about?: string): void {
  if (setting === '') return;
  arm();
  for (const [index, arming] of armings.entries()) {
    if (arming.name !== name || (arming.about !== undefined && arming.about !== about)) continue;
    passes[index]! += 1;
    // By signal, not by `process.exit`: nothing may be cleaned up, and nothing written that was not.
    if (passes[index] === arming.pass) process.kill(process.pid, 'SIGKILL');
  }
}

/** Counts anew when something else is armed than was. */
function arm(): void {
  const now = setting.startsWith('@') ? readFileSync(setting.slice(1), 'utf8') : setting;
  if (now === armed) return;
  armed = now;
  armings = parseArmings(now);
  passes = armings.map(() => 0);
}
