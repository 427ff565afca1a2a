import type { BrokerCeiling } from './ceilings/broker-ceiling.ts';
import { measureBroker } from './ceilings/broker-ceiling.ts';
import { measureDatabase, type DatabaseCeiling } from './ceilings/database-ceiling.ts';
import type { Measurement, Mode, Options } from './command-line.ts';
import { measureGateway, type GatewayFigures } from './gateway-orders.ts';
import { measureOutbox, type OutboxFigures } from './outbox/measure-outbox.ts';
import { measureRecovery, type RecoveryFigures } from './outbox/measure-recovery.ts';
import { measureBacklog, type BacklogFigures } from './saga/measure-backlog.ts';
import { measureSaga, type SagaFigures } from './saga/measure-saga.ts';

/** All that was measured in one mode; what was not asked for is absent. */
export interface Figures {
  readonly mode: Mode;
  readonly database?: DatabaseCeiling;
  readonly broker?: BrokerCeiling;
  readonly outbox?: OutboxFigures;
  readonly saga?: SagaFigures;
  readonly gateway?: GatewayFigures;
  readonly recovery?: RecoveryFigures;
  readonly backlog?: BacklogFigures;
  /** What could not be measured, and why. */
  readonly problems: readonly string[];
}

/** Measures what was asked for, one thing after another. What fails is told and does not keep the others from being measured. */
export async function runMode(
  mode: Mode,
  options: Options,
  progress: (line: string) => void,
): Promise<Figures> {
  const problems: string[] = [];
  const processOptions = {
    nodeOptions:
      options.cpuProfiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${options.cpuProfiles}`],
  };
  const measured = async <T>(name: Measurement, measure: () => Promise<T>): Promise<T | undefined> => {
    if (!options.only.has(name)) return undefined;
    progress(`${mode}: ${name}`);
    try {
      return await measure();
    } catch (error) {
      problems.push(`${mode}, ${name}: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  };
  const isDistributed = mode === 'distributed';
  return withoutAbsent({
    mode,
    database: await measured('ceilings', () => measureDatabase(mode, options)),
    broker: isDistributed ? await measured('ceilings', () => measureBroker(options)) : undefined,
    outbox: await measured('outbox', () => measureOutbox(mode, options.seconds)),
    saga: await measured('saga', () => measureSaga(mode, options, processOptions)),
    gateway: await measured('gateway', () => measureGateway(mode, options, processOptions)),
    // Embedded, there is nothing to lose a connection to.
    recovery: isDistributed ? await measured('recovery', measureRecovery) : undefined,
    backlog: await measured('backlog', () => measureBacklog(mode, options.backlog, processOptions)),
    problems,
  });
}

function withoutAbsent(figures: { [K in keyof Figures]: Figures[K] | undefined }): Figures {
  return Object.fromEntries(
    Object.entries(figures).filter(([, value]) => value !== undefined),
  ) as unknown as Figures;
}
