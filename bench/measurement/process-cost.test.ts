import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { cpuMsFromStat, processTree, readProcessCost, residentBytesFromStatus } from './process-cost.ts';

const stat = (name: string) =>
  `4242 (${name}) S 1 4242 4242 0 -1 4194560 9000 800 0 0 150 25 7 3 20 0 11 0 123 1096380 59192`;

describe('the cost of a process', () => {
  it('is user and system time, its own and of children that ended', () => {
    expect(cpuMsFromStat(stat('node'))).toBe((150 + 25 + 7 + 3) * 10);
  });

  it('is read past a name with spaces and parentheses', () => {
    expect(cpuMsFromStat(stat('a (1) b) 9 9 9'))).toBe(1_850);
  });

  it('is refused from a text that is something else', () => {
    expect(() => cpuMsFromStat('4242 (node) S 1')).toThrow('not the text of');
  });

  it('has the resident memory in bytes', () => {
    expect(residentBytesFromStatus('VmHWM:\t  900 kB\nVmRSS:\t  512 kB\nRssAnon: 1 kB\n')).toBe(524_288);
    expect(residentBytesFromStatus('State:\tZ (zombie)\n')).toBe(0);
  });
});

const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('the cost of running processes', () => {
  it('agrees with what the process knows of itself', async () => {
    const busy = `let sum = 0; for (let i = 0; i < 2e8; i += 1) sum += i % 7;
      const tell = () => { const { user, system } = process.cpuUsage(); console.log((user + system) / 1_000); };
      tell(); process.stdin.on('end', tell).resume();`;
    const child = spawn(process.execPath, ['-e', busy], { stdio: ['pipe', 'pipe', 'inherit'] });
    const [before] = (await once(child.stdout, 'data')) as [Buffer];
    const { cpuMs, residentBytes } = readProcessCost(child.pid!);
    child.stdin.end();
    const [after] = (await once(child.stdout, 'data')) as [Buffer];
    await once(child, 'exit');
    // Two counts (user, system), each cut to ticks of 10 ms.
    expect(cpuMs).toBeGreaterThan(Number(before.toString()) - 20);
    expect(cpuMs).toBeLessThan(Number(after.toString()) + 20);
    expect(residentBytes).toBeGreaterThan(10_000_000);
  });

  it('includes children of children', async () => {
    const grandchild = `process.stdout.write(process.pid + '\\n'); process.stdin.on('end', () => {}).resume()`;
    const child = spawn(
      process.execPath,
      [
        '-e',
        `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(grandchild)}], { stdio: 'inherit' })`,
      ],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    const [written] = (await once(child.stdout, 'data')) as [Buffer];
    expect(processTree(process.pid)).toEqual(expect.arrayContaining([child.pid, Number(written.toString())]));
    child.stdin.end();
    await once(child, 'exit');
  });
});
