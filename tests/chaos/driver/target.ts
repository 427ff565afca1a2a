import type { Identity } from '@trellis/auth';
import type { Reading } from '../invariants/reading.ts';
import type { Part } from './part.ts';
import type { PossibleFault } from './schedule.ts';

export type Mode = 'embedded' | 'distributed';

/** A whole installation, to be broken. */
export interface Target {
  readonly mode: Mode;
  /** Holds its databases and logs. */
  readonly folder: string;
  readonly parts: readonly Part[];
  readonly possibleFaults: readonly PossibleFault[];
  /** Origins; they stay the same over restarts. */
  readonly urls: Readonly<Record<'gateway' | 'products' | 'orders', string>>;
  /** The headers by which the gateway would tell a subgraph who asks. */
  identityHeaders(as: Identity, subgraph: 'products' | 'orders'): Record<string, string>;
  /** Starts all of it, and resolves when it serves. */
  start(): Promise<void>;
  /** How processes ended that nobody had asked to. */
  crashes(): string[];
  /** Has its databases read. An embedded one is stopped for it, by `kill -9`, and started again afterwards. */
  inspect<T>(use: (reading: Reading) => Promise<T>): Promise<T>;
  /** Kills all of it. */
  stop(): Promise<void>;
}

export interface TargetOptions {
  /** Empty, and the target's own. */
  readonly folder: string;
  /** Where the source is that is run. */
  readonly source: string;
}
