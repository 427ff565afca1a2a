/** `npm run dlq`: shows the events that were given up, and gives them back to their consumers or drops them. */
import { SettingsError } from '@trellis/settings';
import { readPlace } from './doctor/settings.ts';
import { MisuseError, readCommand, usage, type Command } from './dlq/command.ts';
import { openSources } from './dlq/open-sources.ts';
import { runDlq } from './dlq/run.ts';

await main();

async function main(): Promise<void> {
  let command: Command;
  try {
    command = readCommand(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof MisuseError)) throw error;
    process.stderr.write(`${error.message}\n\n${usage}`);
    process.exitCode = 2;
    return;
  }
  if (command.kind === 'help') return void process.stdout.write(usage);
  let sources: Awaited<ReturnType<typeof openSources>> = [];
  try {
    sources = await openSources(readPlace(process.env), (sentence) => process.stderr.write(`${sentence}\n`));
    await runDlq(command, sources, (text) => process.stdout.write(text));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = error instanceof SettingsError ? 2 : 1;
  } finally {
    for (const source of sources) await source.stop();
  }
}
