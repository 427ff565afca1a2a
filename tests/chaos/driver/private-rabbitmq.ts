import { connect } from 'amqplib';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TcpProxy } from '../../support/tcp-proxy.ts';
import { createServerProcess, type ServerProcess } from './server-process.ts';

/** A RabbitMQ node of the run's own. */
export interface PrivateRabbitMq extends ServerProcess {
  /** Past whatever stands before it. */
  readonly url: string;
}

/** The port mapper is started beside the node: one that Erlang starts by itself would outlive everything. */
const nodeWithMapper = 'epmd -port "$ERL_EPMD_PORT" & exec "$0"';

/** Lays out a node in a folder; it is not started yet. @throws when RabbitMQ is not installed. */
export function createPrivateRabbitMq(
  folder: string,
  [port, distributionPort, mapperPort]: readonly [number, number, number],
  proxy: TcpProxy,
): PrivateRabbitMq {
  // The script itself: the command that Debian puts on the path drops the environment.
  const script = join(process.env['TEST_RABBITMQ_BIN'] ?? '/usr/lib/rabbitmq/bin', 'rabbitmq-server');
  if (!existsSync(script))
    throw new Error('RabbitMQ is not installed here: install it, or say in TEST_RABBITMQ_BIN where it is');
  writeFileSync(join(folder, 'plugins'), '[].');
  writeFileSync(join(folder, 'rabbitmq.conf'), 'log.console.level = error\n');
  const url = `amqp://guest:guest@127.0.0.1:${port}`;
  const server = createServerProcess({
    name: 'rabbitmq',
    command: ['/bin/sh', '-c', nodeWithMapper, script],
    spawn: {
      env: {
        PATH: process.env['PATH'],
        HOME: folder,
        ERL_EPMD_ADDRESS: '127.0.0.1',
        ERL_EPMD_PORT: String(mapperPort),
        RABBITMQ_NODENAME: 'trellis@localhost',
        RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
        RABBITMQ_NODE_PORT: String(port),
        RABBITMQ_DIST_PORT: String(distributionPort),
        RABBITMQ_MNESIA_BASE: join(folder, 'rabbitmq'),
        RABBITMQ_LOG_BASE: join(folder, 'rabbitmq-log'),
        RABBITMQ_LOGS: '-',
        RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'plugins'),
        RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'),
        RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-start_epmd false',
      },
    },
    logFile: join(folder, 'rabbitmq.log'),
    proxy,
    async isReady() {
      await (await connect(url)).close();
      return true;
    },
  });
  return { ...server, url };
}
