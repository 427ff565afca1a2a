import { alignColumns } from '../../measurement/table.ts';
import type { ColdResult } from './run-cold.ts';

/** A table for each graph, in milliseconds. */
export function coldTables(results: readonly ColdResult[]): string {
  return [...new Set(results.map(({ graph }) => graph))]
    .map((graph) => {
      const rows = results.filter((result) => result.graph === graph);
      const ms = (value: number | undefined) => value?.toFixed(value < 10 ? 2 : 0) ?? '';
      const lines = rows.flatMap(({ title, start }) =>
        start === undefined
          ? []
          : [[title, ms(start.readyMs), ms(start.firstMs), ms(start.newMs), ms(start.knownMs)]],
      );
      const headings = [
        graph,
        'start to ready ms',
        'first operation ms',
        'new operation ms',
        'known operation ms',
      ];
      const problems = rows.flatMap(({ title, problem }) =>
        problem === undefined ? [] : [`${title} is left out: ${problem}`],
      );
      return [alignColumns([headings, ...lines]), ...problems].join('\n');
    })
    .join('\n\n');
}
