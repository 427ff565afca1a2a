import type { InProcessGraph } from './in-process-graph.ts';
import type { GraphQLBody } from './start-library.ts';

/** What a graph answers, by the interpreter and compiled, which have to agree. */
export async function askBothWays(
  graph: InProcessGraph,
  query: string,
  variables?: Readonly<Record<string, unknown>>,
): Promise<GraphQLBody> {
  const [interpreted, compiled] = [
    await graph.interpret(query, variables),
    await graph.answer(query, variables),
  ];
  expect(compiled).toEqual(interpreted);
  return compiled;
}
