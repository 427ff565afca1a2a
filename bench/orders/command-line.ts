import { parseArgs } from 'node:util';

/** What can be measured, in the order in which it is. */
export const measurements = ['ceilings', 'outbox', 'saga', 'gateway', 'recovery', 'backlog'] as const;
export type Measurement = (typeof measurements)[number];

/** The two ways to run Trellis. */
export const modes = ['embedded', 'distributed'] as const;
export type Mode = (typeof modes)[number];

export const usage = `npm run bench:orders -- [options]

  --embedded        only the embedded platform: one process, PGlite, events in process
  --distributed     only the services as processes, on PostgreSQL and RabbitMQ
  --only a,b        ${measurements.join(', ')} (all)
  --seconds N       how long each load is measured (8)
  --warm-up N       seconds of the same load before that (3)
  --in-flight N     orders under way at once where many are (32)
  --rate N          orders a second of the open loop (100)
  --backlog N       orders that wait while products is down (50000)
  --cpu-prof DIR    writes a CPU profile of every process of the product and of the saga
  --json FILE       writes all that was measured
  --help            prints this

PostgreSQL, RabbitMQ and Redis are looked for on their usual ports, or where TEST_DATABASE_URL, TEST_AMQP_URL and TEST_REDIS_URL say.
`;

/** What the benchmark was asked for. */
export interface Options {
  readonly modes: readonly Mode[];
  readonly only: ReadonlySet<Measurement>;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly inFlight: number;
  readonly rate: number;
  readonly backlog: number;
  readonly cpuProfiles: string | undefined;
  readonly json: string | undefined;
}

/**
 * @param argv without the program's own name.
 * @returns `undefined` when only help was asked for.
 * @throws Error saying what is wrong with them.
 */
export function parseOptions(argv: readonly string[]): Options | undefined {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      embedded: { type: 'boolean', default: false },
      distributed: { type: 'boolean', default: false },
      only: { type: 'string', default: measurements.join(',') },
      seconds: { type: 'string', default: '8' },
      'warm-up': { type: 'string', default: '3' },
      'in-flight': { type: 'string', default: '32' },
      rate: { type: 'string', default: '100' },
      backlog: { type: 'string', default: '50000' },
      'cpu-prof': { type: 'string' },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const asked = modes.filter((mode) => values[mode]);
  return {
    modes: asked.length > 0 ? asked : modes,
    only: new Set(values.only.split(',').map(measurementNamed)),
    seconds: positive('seconds', values.seconds),
    warmUpSeconds: positive('warm-up', values['warm-up']),
    inFlight: positive('in-flight', values['in-flight']),
    rate: positive('rate', values.rate),
    backlog: positive('backlog', values.backlog),
    cpuProfiles: values['cpu-prof'],
    json: values.json,
  };
}

function measurementNamed(name: string): Measurement {
  const found = measurements.find((measurement) => measurement === name);
  if (found === undefined) throw new Error(`there is no "${name}"; there are ${measurements.join(', ')}`);
  return found;
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new Error(`--${name} must be a whole number of at least 1`);
  return value;
}
