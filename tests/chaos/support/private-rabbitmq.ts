import { connect } from 'amqplib';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePorts } from '../../support/processes.ts';
import { waitFor } from '../../support/wait-for.ts';
import { describeWithServer } from './describe-with-server.ts';

/** A RabbitMQ node that belongs to one suite, to be killed and starved: on ports of its own, with its data in a temporary folder. */
export interface PrivateRabbitMq {
  /** Stays the same over restarts. */
  readonly url: string;
  /**
   * Has it write down which queues there are. It does so by itself, but only twice a second: a queue that is declared later than that
   * before it is killed is gone, and all that was confirmed with it (RabbitMQ 3.10).
   */
  keepQueues(): Promise<void>;
  /** `kill -9`. */
  kill(): Promise<void>;
  /** Starts it again on the data it left, and resolves when it answers. */
  start(): Promise<void>;
  /** Runs `rabbitmqctl`. @returns what it printed. @throws with what it printed when it fails. */
  control(...command: readonly string[]): Promise<string>;
  /** Kills it and removes its folder. */
  remove(): Promise<void>;
}

/** The scripts themselves: the commands that Debian puts on the path drop the environment. */
const scripts = process.env['TEST_RABBITMQ_BIN'] ?? '/usr/lib/rabbitmq/bin';

/**
 * Leads the process group of the node. Its standard input is a pipe from the test: when that closes, because the test's process has
 * died, the group ends with it, and nothing is left running. The port mapper is started here, because one that Erlang starts by
 * itself would outlive everything.
 */
const groupLeader = `
epmd -port "$ERL_EPMD_PORT" &
"$0" &
cat > /dev/null
kill -s KILL -- -$$`;

/** Starts a node and waits until it answers. @throws with what it printed when it does not. */
async function startPrivateRabbitMq(): Promise<PrivateRabbitMq> {
  const folder = mkdtempSync(join(tmpdir(), 'trellis-rabbitmq-'));
  const [port, distributionPort, mapperPort] = await freePorts(3);
  const url = `amqp://guest:guest@127.0.0.1:${port}`;
  const output = join(folder, 'output');
  writeFileSync(join(folder, 'plugins'), '[].');
  writeFileSync(join(folder, 'rabbitmq.conf'), 'log.console.level = error\n');
  const environment = {
    PATH: process.env['PATH'],
    HOME: folder, // holds the cookie that lets rabbitmqctl in
    ERL_EPMD_ADDRESS: '127.0.0.1',
    ERL_EPMD_PORT: String(mapperPort),
    RABBITMQ_NODENAME: 'trellis@localhost',
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: String(port),
    RABBITMQ_DIST_PORT: String(distributionPort),
    RABBITMQ_MNESIA_BASE: join(folder, 'data'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_LOGS: '-',
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'plugins'),
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-start_epmd false',
  };
  let leader: ChildProcess | undefined;

  async function start(): Promise<void> {
    const log = openSync(output, 'a');
    const started = spawn('/bin/sh', ['-c', groupLeader, join(scripts, 'rabbitmq-server')], {
      env: environment,
      detached: true, // a process group of its own, to be killed as one
      stdio: ['pipe', log, log],
    });
    closeSync(log);
    leader = started;
    try {
      await waitFor('RabbitMQ to answer', () => answers(url), 60_000);
    } catch (error) {
      await kill();
      throw new Error(`RabbitMQ did not start: ${readFileSync(output, 'utf8')}`, { cause: error });
    }
  }

  async function kill(): Promise<void> {
    const killed = leader;
    leader = undefined;
    if (killed?.pid === undefined) return;
    const ended = once(killed, 'exit');
    process.kill(-killed.pid, 'SIGKILL');
    await ended;
  }

  async function control(...command: readonly string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(join(scripts, 'rabbitmqctl'), command, { env: environment });
    return stdout;
  }

  const remove = async (): Promise<void> => {
    await kill();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };

  try {
    await start();
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    url,
    kill,
    start,
    control,
    async keepQueues() {
      await control('eval', '[ok = dets:sync(Table) || Table <- dets:all()].');
    },
    remove,
  };
}

/**
 * A suite with a node of its own; see `describeWithServer`.
 * @param define gets a handle whose properties can be read inside tests and hooks.
 */
export function describeWithPrivateRabbitMq(title: string, define: (node: PrivateRabbitMq) => void): void {
  const missing = existsSync(join(scripts, 'rabbitmq-server'))
    ? undefined
    : `needs RabbitMQ installed: no rabbitmq-server in ${scripts} (set TEST_RABBITMQ_BIN)`;
  describeWithServer(title, missing, startPrivateRabbitMq, (running) =>
    define({
      get url() {
        return running().url;
      },
      keepQueues: () => running().keepQueues(),
      kill: () => running().kill(),
      start: () => running().start(),
      control: (...command) => running().control(...command),
      remove: () => running().remove(),
    }),
  );
}

async function answers(url: string): Promise<boolean> {
  const connection = await connect(url);
  await connection.close();
  return true;
}
