/**
 * `npm run bench:swaps`: swaps supergraphs under load. Tells whether a request failed or was answered otherwise than before, and whether memory grows
 * with the number of swaps.
 */
import { parseArgs } from 'node:util';
import { Pool } from 'undici';
import { readDataSet, startSubgraphs } from '../data-set.ts';
import { bundledData } from '../folders.ts';
import { endProcessesOnExit } from '../../measurement/processes.ts';
import { alignColumns } from '../../measurement/table.ts';
import { startMeasuredGateway } from './measured-gateway.ts';

const usage = `npm run bench:swaps -- [--swaps 500] [--every 50] [--connections 16] [--data DIR]
`;
const { values } = parseArgs({
  options: {
    swaps: { type: 'string', default: '500' },
    every: { type: 'string', default: '50' },
    connections: { type: 'string', default: '16' },
    data: { type: 'string', default: bundledData },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) process.stdout.write(usage);
else await main(Number(values.swaps), Number(values.every), Number(values.connections), values.data);

async function main(swaps: number, every: number, connections: number, directory: string): Promise<void> {
  endProcessesOnExit();
  const data = readDataSet(directory);
  const subgraphs = await startSubgraphs(directory, data, undefined);
  const gateway = await startMeasuredGateway(data.supergraphSdl, { subgraphUrls: subgraphs.urls });
  try {
    const load = await startLoad(gateway.url, data.operations.at(-1)!.query, connections);
    const rows = [['swaps', 'answers', 'failures', 'heap MB', 'RSS MB']];
    for (let swap = 0; swap <= swaps; swap += 1) {
      if (swap > 0) await gateway.swap(swap);
      // Under load: each supergraph has answered some requests before the next one comes.
      await load.answered(2 * connections);
      if (swap % every !== 0) continue;
      const { heapBytes, residentBytes } = await gateway.measure();
      rows.push([swap, load.answers(), load.failures().length, mb(heapBytes), mb(residentBytes)].map(String));
      process.stderr.write(`${rows.at(-1)!.join('  ')}\n`);
    }
    await load.stop();
    process.stdout.write(`${alignColumns(rows)}\n`);
    const [first] = load.failures();
    if (first !== undefined) throw new Error(`the first failure: ${first}`);
  } finally {
    gateway.stop();
    await subgraphs.stop();
  }
}

function mb(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

/** Clients that ask the same again and again, and compare the answers with the first. */
async function startLoad(url: string, query: string, connections: number) {
  const pool = new Pool(url, { connections });
  const body = JSON.stringify({ query });
  const failures: string[] = [];
  let answers = 0;
  let stopping = false;
  const ask = async (): Promise<string> => {
    const headers = { 'content-type': 'application/json' };
    const response = await pool.request({ path: '/graphql', method: 'POST', headers, body });
    const text = await response.body.text();
    return response.statusCode === 200 ? text : `${response.statusCode} ${text}`;
  };
  const expected = await ask();
  if (expected.includes('"errors"')) throw new Error(expected.slice(0, 500));
  const client = async (): Promise<void> => {
    while (!stopping) {
      const answer = await ask().catch(String);
      answers += 1;
      if (answer !== expected) failures.push(answer.slice(0, 500));
    }
  };
  const clients = Array.from({ length: connections }, client);
  return {
    answers: () => answers,
    failures: () => failures,
    async answered(more: number): Promise<void> {
      const goal = answers + more;
      while (answers < goal) await new Promise((resolve) => setTimeout(resolve, 1));
    },
    async stop(): Promise<void> {
      stopping = true;
      await Promise.all(clients);
      await pool.close();
    },
  };
}
