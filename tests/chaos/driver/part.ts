import type { TcpProxy } from '../../support/tcp-proxy.ts';
import type { Fault } from './schedule.ts';

/** What can be broken and comes up again. */
export interface Part {
  readonly name: string;
  /** Starts it, and resolves when it serves. */
  start(): Promise<void>;
  /** `kill -9`, of everything that it consists of. */
  kill(): Promise<void>;
  /** SIGTERM. Resolves when it has ended. */
  terminate(): Promise<void>;
  /** SIGSTOP. */
  freeze(): void;
  /** SIGCONT. */
  thaw(): void;
  /** What its clients connect through, where connections to it can be broken. */
  readonly proxy?: TcpProxy;
}

/** Strikes parts: faults of one part one after another, those of different parts side by side. */
export interface Striker {
  /** Has a fault happen, and the part heal, in the background. */
  strike(fault: Fault): void;
  /** Resolves when every fault is over and every part serves. @throws what a part could not be started for. */
  healed(): Promise<void>;
}

export function createStriker(parts: readonly Part[]): Striker {
  const byName = new Map(parts.map((part) => [part.name, part]));
  const underWay = new Map<string, Promise<void>>();
  return {
    strike(fault) {
      const part = byName.get(fault.part);
      if (part === undefined) throw new Error(`there is no part ${fault.part}`);
      const before = underWay.get(part.name) ?? Promise.resolve();
      const struck = before.then(() => happen(part, fault));
      underWay.set(part.name, struck);
      struck.catch(() => undefined); // told by `healed`
    },
    async healed() {
      await Promise.all(underWay.values());
    },
  };
}

async function happen(part: Part, { kind, pauseMs }: Fault): Promise<void> {
  switch (kind) {
    case 'kill':
      await part.kill();
      await pause(pauseMs);
      return part.start();
    case 'terminate':
      await part.terminate();
      await pause(pauseMs);
      return part.start();
    case 'freeze':
      part.freeze();
      await pause(pauseMs);
      return part.thaw();
    case 'cut':
      return part.proxy?.cut();
    case 'mute':
      part.proxy?.muteServer();
      await pause(pauseMs);
      return part.proxy?.cut();
  }
}

/** How long a fault lasts is part of the schedule: there is no condition to wait for. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
