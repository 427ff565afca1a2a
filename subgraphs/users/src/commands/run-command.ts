import { createLogger } from '@trellis/lifecycle';
import { parseSettings, type SettingsOf, type SettingsTable } from '@trellis/settings';
import { settingsForCommands } from '../env.ts';
import { openServices, type OpenServices } from '../open-services.ts';

/**
 * Does one thing on the users' database and ends: code 0, or 1 with a sentence on standard error.
 * @param table what the command reads beside the service's own settings.
 * @param work returns what is printed.
 */
export async function runCommand<T extends SettingsTable>(
  table: T,
  work: (opened: OpenServices, settings: SettingsOf<T>) => Promise<string>,
): Promise<void> {
  let opened: OpenServices | undefined;
  try {
    const own = parseSettings(table, process.env);
    const settings = settingsForCommands(process.env);
    opened = await openServices(settings, createLogger('users', settings.LOG_LEVEL));
    process.stdout.write(`${await work(opened, own)}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  } finally {
    await opened?.stop();
  }
}
