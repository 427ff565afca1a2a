import { createRemoteKeySet } from '@trellis/auth';
import { createLogger, createStopSequence, runService, type Stoppable } from '@trellis/lifecycle';
import { createRabbitMqBus } from '@trellis/messaging';
import type { SettingsOf } from '@trellis/settings';
import type { commandSettings } from './command-settings.ts';
import type { SubgraphParts } from './start-subgraph.ts';

/** One subgraph as a command. */
export interface SubgraphCommand<S extends SettingsOf<typeof commandSettings>> {
  /** Its name in the supergraph. */
  readonly name: string;
  /** @throws SettingsError that lists every problem. */
  readonly readEnvironment: (environment: NodeJS.ProcessEnv) => S;
  /** Where the gateway publishes its keys. */
  readonly gatewayJwksUrl: (settings: S) => string;
  readonly start: (
    parts: SubgraphParts & { readonly settings: S },
  ) => Promise<Stoppable & { readonly url: string }>;
}

/** Runs a subgraph by itself, on RabbitMQ, until a signal stops it. */
export function runSubgraph<S extends SettingsOf<typeof commandSettings>>(
  command: SubgraphCommand<S>,
): Promise<void> {
  return runService(async () => {
    const settings = command.readEnvironment(process.env);
    const logger = createLogger(command.name, settings.LOG_LEVEL);
    const bus = await createRabbitMqBus({
      url: settings.AMQP_URL,
      exchange: `${settings.AMQP_PREFIX}trellis.events`,
      queuePrefix: settings.AMQP_PREFIX,
      logger,
    });
    const running = createStopSequence(logger);
    try {
      const gatewayKeys = createRemoteKeySet(command.gatewayJwksUrl(settings));
      const isStopping = (): boolean => running.isStopping;
      const service = running.add(await command.start({ settings, bus, gatewayKeys, isStopping, logger }));
      logger.info({ url: service.url }, `${command.name} is up`);
    } catch (error) {
      await bus.stop();
      throw error;
    }
    // Last in, so first to stop: a delivery that met a closed database would count as a failed attempt.
    running.add(bus);
    return running;
  });
}
