/**
 * Swaps supergraphs in a gateway and tells how many generations are in memory, as messages to the process that forked this one. Not in
 * the process of the tests, where what V8 finds is not what they made: they run in a context of their own.
 */
import { queryObjects } from 'node:v8';
import { QueryPlanner } from '@apollo/query-planner';
import { createLogger } from '@trellis/lifecycle';
import { createClient } from 'graphql-sse';
import { createGateway } from '../create-gateway.ts';
import { compose } from './compose.ts';
import { librarySubgraphs } from './library-graph.ts';
import { post } from './start-library.ts';
import { startSubgraph } from './start-subgraph.ts';
import { waitUntil } from './wait-until.ts';

/** How many generations were in memory. Each has a planner, and looking for those collects what is not reachable before. */
export interface CountedGenerations {
  readonly afterSwaps: number;
  /** With a subscription open that began before the swaps. */
  readonly whileSubscribed: number;
  readonly afterSubscription: number;
}

const subgraphs = await Promise.all(librarySubgraphs.map(startSubgraph));
const supergraphSdl = compose(subgraphs);
let replace: (supergraphSdl: string) => void = () => {};
const gateway = await createGateway({
  supergraph: {
    load: async () => supergraphSdl,
    watch(onChange) {
      replace = onChange;
      return { stop: async () => {} };
    },
  },
  port: 0,
  logger: createLogger('gateway', 'silent'),
});

async function serve(): Promise<void> {
  // By Apollo Server, which makes the plan, and by the hot path.
  for (let time = 0; time < 3; time++) {
    const { body } = await post(gateway.url, {
      query: '{ people { name reviews { stars about { title } } } }',
    });
    if (body.errors !== undefined) throw new Error(JSON.stringify(body.errors));
  }
}

let swaps = 0;
async function swap(times: number): Promise<void> {
  for (let time = 0; time < times; time++) {
    replace(`${supergraphSdl}\n# ${(swaps += 1)}`);
    await serve();
  }
}

/** How many there are once what was let go of a moment ago is gone, or as many as there are then. */
async function count(expected: number): Promise<number> {
  await waitUntil(() => planners() <= expected).catch(() => {});
  return planners();
}
const planners = (): number => queryObjects(QueryPlanner, { format: 'count' });

await swap(5);
const afterSwaps = await count(1);

const client = createClient({ url: `${gateway.url}/graphql`, retryAttempts: 0 });
const results = client.iterate({ query: 'subscription { reviewAdded { stars by { name } } }' });
results.next().catch(() => {});
await waitUntil(() => subgraphs.some((subgraph) => subgraph.openStreams() === 1));
await swap(3);
const whileSubscribed = await count(2);
await results.return?.();
client.dispose();
const afterSubscription = await count(1);

const counted: CountedGenerations = { afterSwaps, whileSubscribed, afterSubscription };
process.send!(counted);
await gateway.stop();
await Promise.all(subgraphs.map((subgraph) => subgraph.stop()));
