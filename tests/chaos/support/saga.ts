import type { Identity } from '@trellis/auth';
import type { RunningProcess } from '../../support/processes.ts';
import type { Reading } from '../invariants.ts';

/** The services that an order passes through. */
export type SagaService = 'orders' | 'products';

/** Orders and products at work, to be killed and started again. Ports and data stay the same. */
export interface Saga {
  /** Where a service answers GraphQL. */
  url(service: SagaService): string;
  /** The headers with which the gateway says for whom it asks. */
  identityHeaders(service: SagaService, as: Identity): Record<string, string>;
  /** Arms failpoints in the process of a service, whether it runs already or is started later; nothing disarms them. */
  arm(service: SagaService, failpoints?: string): void;
  /**
   * Starts what does not run, and resolves when all of it answers.
   * @param options.only one service, where each has a process of its own.
   */
  start(options?: {
    readonly settings?: Readonly<Record<string, string>>;
    readonly only?: SagaService;
  }): Promise<void>;
  /** Starts the process that a service is part of, and waits for nothing. */
  launch(service: SagaService, environment?: Readonly<Record<string, string>>): RunningProcess;
  /** The process that a service was last started in: orders and products share one on the embedded platform. */
  processOf(service: SagaService): RunningProcess;
  /** Sends SIGTERM to whatever runs. @returns what processes printed that did not end with code 0. */
  stop(): Promise<readonly string[]>;
  /** What the databases and the broker have; while it runs. */
  reading(): Reading;
  /**
   * Lets run out what relays that are dead have leased, so that nobody has to wait for it. (A relay that lives may lose its lease by that,
   * and publish twice: as it may in production when it is slow.)
   */
  endLeases(): Promise<void>;
  /** Hands an event to orders as if products had published it. */
  publish(event: object): Promise<void>;
  /** Stops it and removes whatever it has left. */
  remove(): Promise<void>;
}

/** Lets no row of an outbox wait for the end of its lease. */
export const endLeasesStatement = 'update outbox set available_at = now() where available_at > now()';
