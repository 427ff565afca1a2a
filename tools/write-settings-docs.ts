/** Writes `docs/settings.md`: every environment variable of every process, from the tables that parse them, and every option of the gateway, from its docstrings. */
import { settingsTable as gateway } from '@trellis/gateway';
import { settingsTable as orders } from '@trellis/orders';
import { demoSettingsTable as demo, settingsTable as platform } from '@trellis/platform';
import { settingsTable as products } from '@trellis/products';
import { documentSettings, type SettingsTable } from '@trellis/settings';
import { replaceFile } from '@trellis/supergraph';
import { settingsTable as users } from '@trellis/users';
import { format, resolveConfig } from 'prettier';
import { optionsByVariable } from '../gateway/src/command-options.ts';
import { optionsOf, table } from './document-options.ts';

const path = 'docs/settings.md';
const processes: readonly (readonly [title: string, table: SettingsTable])[] = [
  ['`npm start`, everything in one process', platform],
  ['`npm run demo`', demo],
  ['The gateway', gateway],
  ['The users subgraph', users],
  ['The products subgraph', products],
  ['The orders subgraph', orders],
];

/** Options that several variables say. */
const variablesOf: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(Object.entries(optionsByVariable).map(([name, { variable }]) => [name, [variable]])),
  supergraph: ['GATEWAY_SUPERGRAPH', 'GATEWAY_INTROSPECT', 'APOLLO_KEY', 'APOLLO_GRAPH_REF'],
  tokens: ['GATEWAY_JWKS_URL', 'GATEWAY_TOKEN_ISSUER', 'GATEWAY_TOKEN_AUDIENCE'],
  logger: ['LOG_LEVEL'],
};
const gatewayOptions = optionsOf('gateway/src/options.ts', 'GatewayOptions');

const text = [
  '# Settings',
  'Written by `npm run generate` from the tables in the code; do not edit. Every process reads its environment once, at its start, ' +
    'and does not start when a value is missing, malformed or misspelt.',
  ...processes.map(([title, settings]) => `## ${title}\n\n${documentSettings(settings)}`),
  '## The options of the gateway',
  'What `createGateway` takes, and a configuration file (`--config`), which takes a file or a URL for its `supergraph` too, and has no `logger`. A variable, where there is one, wins ' +
    'over the file. The command has `explorer` on, except in production. Options whose names end in `Ms` are milliseconds, in `Bytes` bytes; the variable of ' +
    '`operationCacheBytes` is in MiB.',
  table(
    ['Option', 'Variable', 'What it is'],
    gatewayOptions.map(({ name, doc }) => [
      `\`${name}\``,
      (variablesOf[name] ?? []).map((variable) => `\`${variable}\``).join(', ') || '–',
      doc,
    ]),
  ),
  '## The options of `TrellisGateway`',
  'What it takes in the place of `ApolloGateway`.',
  table(
    ['Option', 'What it is'],
    [
      ...optionsOf('gateway/src/drop-in/trellis-gateway-options.ts', 'TrellisGatewayOptions'),
      ...optionsOf('gateway/src/supergraph/uplink-source.ts', 'UplinkOptions'),
    ].map(({ name, doc }) => [`\`${name}\``, doc]),
  ),
].join('\n\n');

replaceFile(path, await format(text, { ...(await resolveConfig(path)), parser: 'markdown' }));
