import type { Operation } from '../data-set.ts';
import type { Command } from '../../measurement/processes.ts';

/** What the contenders are given to serve. */
export interface Graph {
  /** A folder for what a contender needs to write for it. */
  readonly folder: string;
  /** The supergraph, whose subgraphs are the replayed ones. */
  readonly supergraphSdl: string;
  readonly supergraphFile: string;
  /** What will be asked. Only the hand-written proxy needs to know. */
  readonly operations: readonly Operation[];
  readonly howToRun: HowToRun;
}

/** What is the same for every graph. */
export interface HowToRun {
  /** Given to each gateway that runs on Node. */
  readonly nodeOptions: readonly string[];
  /** Ours is measured as it was compiled last, in place of being compiled first. */
  readonly asBuilt: boolean;
}

/** A contender that is ready to be started, any number of times. */
export interface Prepared {
  /** What is measured, and in which version. */
  readonly version: string;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Serves the graph at `http://127.0.0.1:PORT/graphql`. */
  command(port: number): Command;
}

/** Something that answers the queries. */
export interface Contender {
  /** As `--only` has it. */
  readonly name: string;
  /** As tables and charts have it. */
  readonly title: string;
  /** @throws Error saying why it cannot take part. */
  prepare(graph: Graph): Promise<Prepared>;
}

/** What every gateway that runs on Node gets: what it would have in production, and no reports to anybody. */
export const productionEnv = { NODE_ENV: 'production', APOLLO_TELEMETRY_DISABLED: 'true' } as const;
