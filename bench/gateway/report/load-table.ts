import type { Result } from '../rounds.ts';
import { alignColumns } from '../../measurement/table.ts';

const headings = [
  'requests/s',
  'x stock',
  'p50 ms',
  'p99 ms',
  'CPU ms/request',
  'RSS MB',
  'subgraph requests',
  'answer',
];

/** A table for each query, medians of all rounds. */
export function loadTables(results: readonly Result[]): string {
  const operations = [...new Set(results.map(({ operation }) => operation))];
  return operations
    .map((operation) => {
      const rows = results.filter((result) => result.operation === operation);
      const stock = rows.find(({ contender }) => contender === 'stock')?.median?.requestsPerSecond;
      const problems = rows.filter(({ problem }) => problem !== undefined);
      const lines = [
        alignColumns([[operation, ...headings], ...rows.flatMap((row) => tableRow(row, stock))]),
        ...problems.map(({ title, problem }) => `${title} is left out: ${problem ?? ''}`),
      ];
      return lines.join('\n');
    })
    .join('\n\n');
}

function tableRow({ title, median }: Result, stock: number | undefined): readonly string[][] {
  if (median === undefined) return [];
  return [
    [
      title,
      Math.round(median.requestsPerSecond).toLocaleString('en'),
      stock === undefined ? '' : (median.requestsPerSecond / stock).toFixed(1),
      median.p50Ms.toFixed(2),
      median.p99Ms.toFixed(2),
      median.cpuMsPerRequest.toFixed(3),
      median.residentMb.toFixed(0),
      median.subgraphRequests.toFixed(2),
      median.sameBytes ? 'same bytes' : 'equal',
    ],
  ];
}
