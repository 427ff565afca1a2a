import pc from 'picocolors';
import { parseSettings } from '@trellis/settings';
import { demoSettingsTable } from './env.ts';
import { playStory, type StoryEvent } from './story.ts';

function tell(event: StoryEvent): void {
  process.stdout.write(`${lineOf(event)}\n`);
}

function lineOf(event: StoryEvent): string {
  switch (event.kind) {
    case 'chapter':
      return `\n${pc.bold(event.title)}`;
    case 'happened':
      return `  ${event.text}`;
    case 'status':
      return `  ${pc.cyan(event.status.padEnd(9))} ${event.text}`;
  }
}

try {
  const { DEMO_GATEWAY_URL: gatewayUrl } = parseSettings(demoSettingsTable, process.env, ['DEMO_']);
  await playStory({ gatewayUrl: gatewayUrl.replace(/\/$/, ''), tell });
  process.stdout.write(`\n${pc.green('All of it happened.')}\n`);
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error);
  process.stderr.write(`\n${pc.red(reason)}\n`);
  process.stderr.write(
    `${pc.dim('The demo plays on a running platform: npm start, in another terminal.')}\n`,
  );
  process.exitCode = 1;
}
