/** Writes `docs/settings.md`: every environment variable of every process, from the tables that parse them. */
import { settingsTable as gateway } from '@trellis/gateway';
import { settingsTable as orders } from '@trellis/orders';
import { demoSettingsTable as demo, settingsTable as platform } from '@trellis/platform';
import { settingsTable as products } from '@trellis/products';
import { documentSettings, type SettingsTable } from '@trellis/settings';
import { replaceFile } from '@trellis/supergraph';
import { settingsTable as users } from '@trellis/users';
import { format, resolveConfig } from 'prettier';

const path = 'docs/settings.md';
const processes: readonly (readonly [title: string, table: SettingsTable])[] = [
  ['`npm start`, everything in one process', platform],
  ['`npm run demo`', demo],
  ['The gateway', gateway],
  ['The users subgraph', users],
  ['The products subgraph', products],
  ['The orders subgraph', orders],
];

const text = [
  '# Settings',
  'Written by `npm run generate` from the tables in the code; do not edit. Every process reads its environment once, at its start, ' +
    'and does not start when a value is missing, malformed or misspelt.',
  ...processes.map(([title, table]) => `## ${title}\n\n${documentSettings(table)}`),
].join('\n\n');

replaceFile(path, await format(text, { ...(await resolveConfig(path)), parser: 'markdown' }));
