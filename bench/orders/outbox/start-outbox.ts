import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Mode } from '../command-line.ts';
import { startPart, type Part } from '../part.ts';
import { openCorner, servers } from '../servers.ts';
import type { OutboxFunctions } from './outbox-part.ts';

export interface Outbox {
  readonly part: Part<OutboxFunctions>;
  remove(): Promise<void>;
}

/** Stands in front of a server. */
interface Detour {
  /** The port of this machine that is taken in place of the server's. */
  readonly port: number;
}

/** Starts a process with an outbox of its own; on the way to its servers it takes the detours, where there are any. */
export async function startOutbox(
  mode: Mode,
  inbox: boolean,
  detours: { readonly postgres?: Detour; readonly rabbitmq?: Detour } = {},
): Promise<Outbox> {
  const corner = mode === 'distributed' ? openCorner() : undefined;
  const directory = mkdtempSync(join(tmpdir(), 'trellis-bench-'));
  const part = startPart<OutboxFunctions>(new URL('outbox-part.ts', import.meta.url));
  const remove = async (): Promise<void> => {
    await part.stop();
    await corner?.remove();
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    await part.call('open', {
      inbox,
      directory: join(directory, 'data'),
      ...(corner === undefined
        ? {}
        : {
            url: through(await corner.createDatabase(), detours.postgres),
            broker: { url: through(servers.rabbitmq, detours.rabbitmq), prefix: corner.prefix },
          }),
    });
    return { part, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

function through(text: string, detour: Detour | undefined): string {
  if (detour === undefined) return text;
  const url = new URL(text);
  url.hostname = '127.0.0.1';
  url.port = String(detour.port);
  return url.href;
}
