import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { HowToRun } from './contenders/contender.ts';
import { bundledData } from './folders.ts';

export const usage = `npm run bench:gateway -- [options]

  --data DIR          supergraph.graphql, small.graphql, medium.graphql, big.graphql and subgraphs.* (the bundled graph)
  --subgraphs COMMAND starts the subgraphs where the supergraph says, in place of DIR's own subgraphs.*
  --only a,b          contenders: stock, hive, hive-shared, grafbase, proxy, ours, ours-shared, ours-secured (all)
  --queries a,b       small, medium, big (all)
  --rounds N          interleaved rounds, whose medians are shown; 0 for none (5)
  --seconds N         how long each is measured in a round (8)
  --warm-up N         seconds of load before that (3)
  --connections N     clients that ask and wait, each on a connection of its own (32)
  --node-options "…"  given to every gateway that runs on Node, such as "--max-semi-space-size=64"
  --as-built          takes the compiled gateway/dist as it is, in place of compiling first
  --cold              also: cold starts, and new operations on a supergraph of 50 subgraphs
  --json FILE         writes all that was measured
  --svg FILE          draws requests per second
  --help              prints this
`;

/** What the benchmark was asked for. */
export interface Options extends HowToRun {
  readonly data: string;
  readonly subgraphs: string | undefined;
  /** Everything when undefined. */
  readonly only: readonly string[] | undefined;
  readonly queries: readonly string[] | undefined;
  readonly rounds: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly connections: number;
  readonly cold: boolean;
  readonly json: string | undefined;
  readonly svg: string | undefined;
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
      data: { type: 'string' },
      subgraphs: { type: 'string' },
      only: { type: 'string' },
      queries: { type: 'string' },
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '8' },
      'warm-up': { type: 'string', default: '3' },
      connections: { type: 'string', default: '32' },
      'node-options': { type: 'string', default: '' },
      'as-built': { type: 'boolean', default: false },
      cold: { type: 'boolean', default: false },
      json: { type: 'string' },
      svg: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  return {
    data: values.data === undefined ? bundledData : resolve(values.data),
    subgraphs: values.subgraphs,
    only: values.only?.split(','),
    queries: values.queries?.split(','),
    rounds: atLeast(0, 'rounds', values.rounds),
    seconds: atLeast(1, 'seconds', values.seconds),
    warmUpSeconds: atLeast(1, 'warm-up', values['warm-up']),
    connections: atLeast(1, 'connections', values.connections),
    nodeOptions: values['node-options'].split(' ').filter((option) => option !== ''),
    asBuilt: values['as-built'],
    cold: values.cold,
    json: values.json,
    svg: values.svg,
  };
}

function atLeast(least: number, name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least) {
    throw new Error(`--${name} must be a whole number of at least ${least}`);
  }
  return value;
}

/**
 * Of some named things those that were asked for, in the order that they have.
 * @throws Error when a name is of none of them.
 */
export function chosen<T extends { readonly name: string }>(
  things: readonly T[],
  names: readonly string[] | undefined,
): readonly T[] {
  const known = things.map(({ name }) => name);
  const strange = (names ?? []).find((name) => !known.includes(name));
  if (strange !== undefined) throw new Error(`there is no "${strange}"; there are ${known.join(', ')}`);
  return names === undefined ? things : things.filter(({ name }) => names.includes(name));
}
