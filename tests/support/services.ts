import { describe, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';

/** The servers that some suites need beside Node. */
export type ServiceName = 'postgres' | 'rabbitmq' | 'redis';

/** Where each service is: the URL from the environment, or the usual local one. */
export type ServiceUrls = Readonly<Record<ServiceName, string>>;

interface ServiceDefinition {
  readonly variable: string;
  readonly usualUrl: string;
  readonly port: number;
  readonly howToStart: string;
}

const services: Readonly<Record<ServiceName, ServiceDefinition>> = {
  postgres: {
    variable: 'TEST_DATABASE_URL',
    usualUrl: 'postgres://postgres@127.0.0.1:5432/postgres',
    port: 5432,
    howToStart: 'docker run -d -p 5432:5432 -e POSTGRES_HOST_AUTH_METHOD=trust postgres:17',
  },
  rabbitmq: {
    variable: 'TEST_AMQP_URL',
    usualUrl: 'amqp://guest:guest@127.0.0.1:5672',
    port: 5672,
    howToStart: 'docker run -d -p 5672:5672 rabbitmq:4',
  },
  redis: {
    variable: 'TEST_REDIS_URL',
    usualUrl: 'redis://127.0.0.1:6379',
    port: 6379,
    howToStart: 'docker run -d -p 6379:6379 redis:7',
  },
};

const serviceNames = Object.keys(services) as ServiceName[];

/** Reads the three URLs from the environment; the usual local ports where it is silent. */
export function serviceUrls(env: NodeJS.ProcessEnv): ServiceUrls {
  const urlOf = (name: ServiceName) => env[services[name].variable] ?? services[name].usualUrl;
  return { postgres: urlOf('postgres'), rabbitmq: urlOf('rabbitmq'), redis: urlOf('redis') };
}

/**
 * Asks each service for a TCP connection.
 * @returns the names of those that accepted one in time. One that accepts and then refuses the credentials counts: its suite is
 * to fail loudly, not to be skipped.
 */
export async function probeServices(urls: ServiceUrls, timeoutMs = 2_000): Promise<ReadonlySet<ServiceName>> {
  const answers = await Promise.all(
    serviceNames.map(async (name) => ({
      name,
      up: await accepts(urls[name], services[name].port, timeoutMs),
    })),
  );
  return new Set(answers.filter((answer) => answer.up).map((answer) => answer.name));
}

function accepts(url: string, usualPort: number, timeoutMs: number): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({
      host: hostname,
      port: port === '' ? usualPort : Number(port),
      timeout: timeoutMs,
    });
    const answer = (up: boolean) => {
      socket.destroy();
      resolve(up);
    };
    socket.once('connect', () => answer(true));
    socket.once('timeout', () => answer(false));
    socket.once('error', () => answer(false));
  });
}

/** What becomes of a suite, given which services it needs and which are there. */
export type SuitePlan = { readonly kind: 'run' } | { readonly kind: 'skip' | 'fail'; readonly line: string };

/** Decides whether a suite runs, is skipped, or (where `required`) fails for want of a service. */
export function planSuite(
  title: string,
  needed: readonly ServiceName[],
  reachable: ReadonlySet<ServiceName>,
  urls: ServiceUrls,
  required: boolean,
): SuitePlan {
  const missing = needed.filter((name) => !reachable.has(name));
  if (missing.length === 0) return { kind: 'run' };
  const reasons = missing.map((name) => {
    const { host } = new URL(urls[name]);
    const { howToStart, variable } = services[name];
    return `no ${name} at ${host} (start it: ${howToStart}, or set ${variable})`;
  });
  const kind = required ? 'fail' : 'skip';
  return { kind, line: `${required ? 'failed' : 'skipped'} "${title}": ${reasons.join('; ')}` };
}

const urls = serviceUrls(process.env);
const reachable = await probeServices(urls);

/**
 * A `describe` for suites that need servers: `describeWithServices(['postgres'], 'the outbox', ({ postgres }) => { … })`.
 * Where one is missing the suite is skipped and one line on standard error says which and how to start it; with
 * REQUIRE_SERVICES=1 the suite fails instead.
 */
export function describeWithServices(
  needed: readonly ServiceName[],
  title: string,
  define: (urls: ServiceUrls) => void,
): void {
  const plan = planSuite(title, needed, reachable, urls, process.env['REQUIRE_SERVICES'] === '1');
  if (plan.kind === 'run') {
    describe(title, () => define(urls));
    return;
  }
  if (plan.kind === 'fail') {
    describe(title, () => {
      it('has the services it needs', () => {
        throw new Error(plan.line);
      });
    });
    return;
  }
  process.stderr.write(`${plan.line}\n`);
  describe.skip(title, () => define(urls));
}

/** A name that no other test, file or run uses: `trellis_test_3f9c0a1b2d4e`. Fits database, queue and key names. */
export function uniquePrefix(): string {
  return `trellis_test_${randomBytes(6).toString('hex')}`;
}

/** A database of a test's own. */
export interface TestDatabase {
  readonly url: string;
  /** Removes the database, and ends whatever is still connected to it. */
  drop(): Promise<void>;
}

/** Creates an empty PostgreSQL database on the test server. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = uniquePrefix();
  await runOnServer(`create database ${name}`);
  const url = new URL(urls.postgres);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => runOnServer(`drop database if exists ${name} with (force)`) };
}

async function runOnServer(statement: string): Promise<void> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: urls.postgres });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
