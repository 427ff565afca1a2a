import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, startProcess } from '../../measurement/processes.ts';
import { sourceCommand, untilReady, type Platform, type ProcessOptions } from './platform.ts';

/** Starts all of Trellis in one process on a new directory, as `npm start` does. */
export async function startEmbeddedPlatform(options: ProcessOptions): Promise<Platform> {
  const directory = mkdtempSync(join(tmpdir(), 'trellis-bench-'));
  const port = await freePort();
  const environment = {
    TRELLIS_DATA_DIRECTORY: join(directory, 'data'),
    GATEWAY_PORT: String(port),
    USERS_PORT: '0',
    PRODUCTS_PORT: String(await freePort()),
    ORDERS_PORT: String(await freePort()),
    // Registering customers is not what is measured.
    USERS_BCRYPT_COST: '4',
  };
  const running = startProcess(sourceCommand('platform/src/main.ts', environment, options));
  const remove = async () => {
    await running.stop();
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    const origin = `http://127.0.0.1:${port}`;
    await untilReady(running, origin);
    // Accounts are opened, and their passwords shown, before the last line of its greeting.
    while (!running.output().includes('Ctrl-C stops'))
      await new Promise((resolve) => setTimeout(resolve, 20));
    const shown = /^\s*admin\s+(\S+)\s+(\S+)$/m.exec(running.output());
    if (shown === null) throw new Error(`no administrator's password was shown: ${running.output()}`);
    return {
      url: `${origin}/graphql`,
      admin: { email: shown[1]!, password: shown[2]! },
      processes: { platform: running },
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
