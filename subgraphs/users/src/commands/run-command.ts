import { parseArgs } from 'node:util';
import { DatabaseUnavailableError } from '@trellis/database';
import { createLogger } from '@trellis/lifecycle';
import { parseSettings, SettingsError, type SettingsOf, type SettingsTable } from '@trellis/settings';
import { settingsForCommands } from '../env.ts';
import { openServices, type OpenServices } from '../open-services.ts';

/**
 * Does one thing on the users' database and ends: code 0, or 1 with a sentence on standard error; 2 when it was called wrongly.
 * @param usage what `--help` prints.
 * @param table what the command reads beside the service's own settings.
 * @param work returns what is printed.
 */
export async function runCommand<T extends SettingsTable>(
  usage: string,
  table: T,
  work: (opened: OpenServices, settings: SettingsOf<T>) => Promise<string>,
): Promise<void> {
  let opened: OpenServices | undefined;
  try {
    if (isAskedForHelp()) {
      process.stdout.write(usage);
      return;
    }
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${usage}`);
    process.exitCode = 2;
    return;
  }
  try {
    const { own, settings } = readAll(table);
    opened = await openServices(settings, createLogger('users', settings.LOG_LEVEL));
    process.stdout.write(`${await work(opened, own)}\n`);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // The database knows no settings.
    const setting = error instanceof DatabaseUnavailableError ? 'USERS_DATABASE_URL: ' : '';
    process.stderr.write(`${setting}${message}\n`);
    process.exitCode = 1;
  } finally {
    await opened?.stop();
  }
}

/** @throws TypeError for anything that is not `--help`. */
function isAskedForHelp(): boolean {
  return parseArgs({ options: { help: { type: 'boolean', short: 'h' } } }).values.help === true;
}

/** @throws SettingsError naming what is wrong with either, together. */
function readAll<T extends SettingsTable>(
  table: T,
): { own: SettingsOf<T>; settings: ReturnType<typeof settingsForCommands> } {
  const problems: string[] = [];
  const read = <R>(parse: () => R): R | undefined => {
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error;
      problems.push(...error.problems);
      return undefined;
    }
  };
  const own = read(() => parseSettings(table, process.env));
  const settings = read(() => settingsForCommands(process.env));
  if (own === undefined || settings === undefined) throw new SettingsError(problems);
  return { own, settings };
}
