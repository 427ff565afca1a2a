#!/usr/bin/env -S node --max-semi-space-size=64
import { readFile } from 'node:fs/promises';
import { runService } from '@trellis/lifecycle';
import { parseCommand, usage, type CommandToRun } from './command-line.ts';
import { commandOptions } from './command-options.ts';
import { ConfigFileError, loadConfig } from './config-file.ts';
import { checkGateway, createGateway } from './create-gateway.ts';
import { readSettings } from './env.ts';
import type { GatewayOptions } from './options.ts';

const command = parseCommand(process.argv.slice(2));
switch (command.kind) {
  case 'help':
    process.stdout.write(usage);
    break;
  case 'version':
    process.stdout.write(`${await version()}\n`);
    break;
  case 'misused':
    process.stderr.write(`${command.problem}\n\n${usage}`);
    process.exitCode = 2;
    break;
  case 'check':
    await check(command);
    break;
  case 'serve':
    await runService(() => serve(command));
}

async function optionsOf({ flags, configFile }: CommandToRun): Promise<GatewayOptions> {
  const environment = { ...process.env, ...flags };
  try {
    return commandOptions(environment, configFile === undefined ? {} : await loadConfig(configFile));
  } catch (error) {
    if (error instanceof ConfigFileError)
      throw new Error(withSettingsProblems(error, environment), { cause: error });
    throw error;
  }
}

/**
 * What is wrong with the environment too is told at once, and not after the file was mended. What of it is only missing may be what the file
 * was to say.
 */
function withSettingsProblems({ message }: ConfigFileError, environment: NodeJS.ProcessEnv): string {
  try {
    readSettings(environment, { supergraph: true, signingKey: true, tokens: true });
    return message;
  } catch (error) {
    return `${message}\n${(error as Error).message}`;
  }
}

async function serve(toRun: CommandToRun): ReturnType<typeof createGateway> {
  const options = await optionsOf(toRun);
  const gateway = await createGateway(options);
  if (gateway.isServing()) {
    options.logger.info({ url: gateway.url }, 'the gateway serves');
    process.stdout.write(`trellis-gateway serves ${gateway.url}/graphql\n`);
  } else {
    process.stdout.write(
      `trellis-gateway waits for its subgraphs; ${gateway.url}/health/ready says for which\n`,
    );
  }
  return {
    ...gateway,
    async stop() {
      await gateway.stop();
      options.logger.info('the gateway has stopped');
    },
  };
}

async function check(toRun: CommandToRun): Promise<void> {
  try {
    const subgraphs = await checkGateway(await optionsOf(toRun));
    process.stdout.write(`the supergraph can be served; its subgraphs: ${subgraphs.join(', ')}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}

async function version(): Promise<string> {
  const manifest = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return manifest.version;
}
