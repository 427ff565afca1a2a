import { join } from 'node:path';
import { createServerProcess, type ServerProcess } from './server-process.ts';

/** A service of ours as a part. */
export function createNodeService(options: {
  readonly name: string;
  /** Its file below `source`. */
  readonly entry: string;
  readonly source: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Answers 200 when it serves. */
  readonly readinessUrl: string;
  /** For its log. */
  readonly folder: string;
}): ServerProcess {
  const { name, entry, source, environment, readinessUrl, folder } = options;
  return createServerProcess({
    name,
    command: [process.execPath, '--conditions=@trellis/source', '--import', 'tsx', entry],
    spawn: {
      cwd: source,
      env: { PATH: process.env['PATH'], NO_COLOR: '1', APOLLO_TELEMETRY_DISABLED: 'true', ...environment },
    },
    logFile: join(folder, `${name}.log`),
    async isReady() {
      return (await fetch(readinessUrl, { signal: AbortSignal.timeout(2_000) })).status === 200;
    },
  });
}
