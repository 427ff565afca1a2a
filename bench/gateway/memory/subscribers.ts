/** `npm run bench:subscribers`: what a subscriber costs a gateway that waits for an event with it. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { parseArgs } from 'node:util';
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { WebSocket } from 'ws';
import { endProcessesOnExit, forkPart, nextMessage } from '../../measurement/processes.ts';
import { alignColumns } from '../../measurement/table.ts';
import { startMeasuredGateway } from './measured-gateway.ts';

const usage = `npm run bench:subscribers -- [--subscribers 10000] [--clients ws|sse] [--subgraph ws|sse]

Over sse, the gateway has a connection to the subgraph for each subscriber; over ws, anonymous subscribers share one.
`;
const { values } = parseArgs({
  options: {
    subscribers: { type: 'string', default: '10000' },
    clients: { type: 'string', default: 'ws' },
    subgraph: { type: 'string', default: 'ws' },
    help: { type: 'boolean', default: false },
  },
});
/** How many may be opening at a time. */
const opening = 100;
const query = 'subscription { tick }';

if (values.help) process.stdout.write(usage);
else await main(Number(values.subscribers), values.clients === 'sse' ? openEvents : openSocket);

async function main(subscribers: number, open: (url: string) => Promise<void>): Promise<void> {
  endProcessesOnExit();
  const subscriptions = values.subgraph === 'sse' ? 'sse' : 'ws';
  checkFiles(subscriptions === 'sse' ? 2 * subscribers : subscribers);
  const subgraph = forkPart(new URL('idle-subgraph-server.ts', import.meta.url));
  const subgraphUrl = (await nextMessage(subgraph)) as string;
  const gateway = await startMeasuredGateway(supergraphOf(subgraphUrl), {
    subgraphs: { ticks: { subscriptions } },
  });
  // What the first of anything loads and compiles is no subscriber's.
  for (let warm = 0; warm < opening; warm += 1) await open(gateway.url);
  const before = await gateway.measure();
  let left = subscribers;
  const start = performance.now();
  await Promise.all(
    Array.from({ length: opening }, async () => {
      while (left-- > 0) await open(gateway.url);
    }),
  );
  const seconds = (performance.now() - start) / 1_000;
  const after = await gateway.measure();
  const each = (bytes: number): string => `${(bytes / subscribers / 1_000).toFixed(1)} kB`;
  const rows = [
    ['', 'heap MB', 'RSS MB'],
    ...[before, after].map(({ heapBytes, residentBytes }, index) => [
      index === 0 ? 'before' : `with ${subscribers} subscribers`,
      (heapBytes / 1e6).toFixed(1),
      (residentBytes / 1e6).toFixed(1),
    ]),
    ['each', each(after.heapBytes - before.heapBytes), each(after.residentBytes - before.residentBytes)],
  ];
  process.stdout.write(`${alignColumns(rows)}\n\nopened in ${seconds.toFixed(1)} s\n`);
  // Ends with everything that is still open.
  process.exit();
}

/** @throws Error when a process may not have as many connections as the gateway will need. */
function checkFiles(needed: number): void {
  const [, soft = 'unlimited'] =
    /^Max open files\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
  if (soft !== 'unlimited' && Number(soft) < needed + 200) {
    throw new Error(`${needed} connections are more than the ${soft} that a process may have: ulimit -n`);
  }
}

function supergraphOf(url: string): string {
  const typeDefs = parse('type Query { now: Int } type Subscription { tick: Int }');
  const { supergraphSdl, errors } = composeServices([{ name: 'ticks', url, typeDefs }]);
  if (supergraphSdl === undefined) throw new Error(String(errors));
  return supergraphSdl;
}

/** Subscribes over WebSocket. Fulfilled when the gateway has taken it: a ping after it is answered in order. */
async function openSocket(url: string): Promise<void> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
    perMessageDeflate: false,
  });
  await once(socket, 'open');
  const said = async (message: object): Promise<void> => {
    socket.send(JSON.stringify(message));
    await once(socket, 'message');
  };
  await said({ type: 'connection_init' });
  socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query } }));
  await said({ type: 'ping' });
}

/** Subscribes by server-sent events over a bare socket. Fulfilled when the answer has begun. */
async function openEvents(url: string): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const body = JSON.stringify({ query });
  const headers = `host: x\r\naccept: text/event-stream\r\ncontent-type: application/json\r\ncontent-length: ${body.length}`;
  socket.write(`POST /graphql HTTP/1.1\r\n${headers}\r\n\r\n${body}`);
  const [begin] = (await once(socket, 'data')) as [Buffer];
  if (!begin.toString().startsWith('HTTP/1.1 200')) throw new Error(begin.toString());
}
