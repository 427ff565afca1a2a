import { setTimeout as pause } from 'node:timers/promises';
import { startTcpProxy, type TcpProxy } from '../../../tests/support/tcp-proxy.ts';
import { median } from '../../measurement/statistics.ts';
import type { Part } from '../part.ts';
import { servers } from '../servers.ts';
import type { OutboxFunctions } from './outbox-part.ts';
import { startOutbox } from './start-outbox.ts';

/** From a thing being over until an event is published again, in milliseconds: the middle and the worst of some tries. */
export interface Recovery {
  readonly medianMs: number;
  readonly worstMs: number;
}

export interface RecoveryFigures {
  /** The broker's connections are reset. */
  readonly reset: Recovery;
  /** The broker is up again, having refused connections for a while. */
  readonly brokerUp: Recovery;
  /** PostgreSQL is up again, having refused connections for a while. */
  readonly postgresUp: Recovery;
}

/** Long enough for pauses between attempts to have grown. */
const downMs = 8_000;
const tries = 3;

/** A proxy stands before each server, and does what a network or a restart does. Events are appended every 5 ms all the while. */
export async function measureRecovery(): Promise<RecoveryFigures> {
  const rabbitmq = await startTcpProxy(withPort(servers.rabbitmq, '5672'));
  const postgres = await startTcpProxy(withPort(servers.postgres, '5432'));
  try {
    const outbox = await startOutbox('distributed', false, { postgres, rabbitmq });
    try {
      const { part } = outbox;
      await part.call('startRelay', undefined);
      await part.call('beat', { pauseMs: 5 });
      return {
        reset: await repeated(part, async () => rabbitmq.cut()),
        brokerUp: await repeated(part, () => upAgain(rabbitmq)),
        postgresUp: await repeated(part, () => upAgain(postgres)),
      };
    } finally {
      await outbox.remove();
    }
  } finally {
    await rabbitmq.close();
    await postgres.close();
  }
}

async function upAgain(proxy: TcpProxy): Promise<void> {
  await proxy.refuse();
  await pause(downMs);
  await proxy.accept();
}

async function repeated(part: Part<OutboxFunctions>, strike: () => Promise<void>): Promise<Recovery> {
  const times: number[] = [];
  for (let index = 0; index < tries; index++) {
    // It works before it is struck, and has done so for long enough to count as healthy.
    await part.call('publishedAfter', { at: Date.now() + 1_500 });
    await strike();
    const at = Date.now();
    times.push((await part.call('publishedAfter', { at })) - at);
  }
  return { medianMs: median(times), worstMs: Math.max(...times) };
}

function withPort(text: string, usual: string): URL {
  const url = new URL(text);
  if (url.port === '') url.port = usual;
  return url;
}
