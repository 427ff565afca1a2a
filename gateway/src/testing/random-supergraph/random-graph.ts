import { SubgraphsDoNotComposeError } from '../compose.ts';
import { createInProcessGraph, type InProcessGraph } from '../in-process-graph.ts';
import type { GraphQLBody } from '../start-library.ts';
import { executeWhole } from './execute-whole.ts';
import { randomModel } from './random-model.ts';
import { randomRequest, type RandomRequest } from './random-request.ts';
import { subgraphSources } from './subgraph-sources.ts';
import { createTruth, type Truth, type Wrongness } from './truth.ts';

/** A made-up graph that runs twice: as subgraphs behind the gateway, and as a whole. */
export interface RandomGraph {
  readonly graph: InProcessGraph;
  /** Another operation for each number. */
  request(number: number): RandomRequest;
  /** Changes what all the graph's fields are. */
  tell(seed: number, wrongness: Wrongness): void;
  /** What graphql-js answers on the merged schema. */
  expected(request: RandomRequest): Promise<GraphQLBody>;
}

/** @returns undefined when the made-up subgraphs do not compose. */
export function createRandomGraph(seed: number): RandomGraph | undefined {
  const model = randomModel(seed);
  let truth: Truth = createTruth(model, 0, { errors: 0, nulls: 0 });
  let graph: InProcessGraph;
  try {
    graph = createInProcessGraph(subgraphSources(model, () => truth));
  } catch (error) {
    if (error instanceof SubgraphsDoNotComposeError) return undefined;
    throw error;
  }
  const { apiSchema } = graph.generation;
  return {
    graph,
    request: (number) => randomRequest(apiSchema, seed * 1000 + number),
    tell: (values, wrongness) => (truth = createTruth(model, values, wrongness)),
    expected: ({ query, variables }) => executeWhole(apiSchema, truth, query, variables),
  };
}

/**
 * What of an answer the specification fixes: the data, and the places at which an error made it null. Which of several errors that null the same place is told is left
 * open (section 6.4.4), and siblings of a field that has been nulled away may be executed or not; subgraphs see other siblings than a whole server.
 */
export function promised({ data, errors = [] }: GraphQLBody): { data: string; nulled: string[] } {
  const places = errors.map(({ path, message }) =>
    path === undefined ? `no place: ${message}` : nulledPlace(data, path),
  );
  return { data: JSON.stringify(data), nulled: [...new Set(places)].sort() };
}

function nulledPlace(data: unknown, path: readonly (string | number)[]): string {
  let value = data;
  for (const [depth, step] of path.entries()) {
    if (value === null || value === undefined) return path.slice(0, depth).join('.');
    value = (value as Record<string | number, unknown>)[step];
  }
  return value === null || value === undefined ? path.join('.') : `not null: ${path.join('.')}`;
}
