import type { CompositionProblem } from './compose-supergraph.ts';

/** What keeps subgraphs from being composed, as lines for people: code, message, and a line for each place. */
export function describeProblems(problems: readonly CompositionProblem[]): string {
  const lines = problems.flatMap(({ code, message, places }) => [
    `  ${code} ${message}`,
    ...places.map((place) => `    at ${place}`),
  ]);
  return ['the subgraphs do not compose:', ...lines].join('\n');
}
