/**
 * The clients, in a process of their own: each connection sends a request, waits for the answer, compares it, and sends the next. It
 * speaks HTTP over bare sockets, because a client that takes as much of the machine as the gateway would be what is measured.
 */
import { connect } from 'node:net';
import { compareAnswers } from '../answers.ts';
import { createMessageReader, type HttpMessage } from '../http-messages.ts';
import { percentile } from '../../measurement/statistics.ts';
import type { FromLoad, Load, LoadResult } from './load.ts';
import { readProcessCost, type ProcessCost } from '../../measurement/process-cost.ts';

process.once('message', (load: Load) => run(load));
process.on('disconnect', () => process.exit());

/** How long answers are waited for when it is over. */
const drainMs = 10_000;

function run(load: Load): void {
  const request = requestBytes(load);
  const expected = Buffer.from(load.expected);
  let latencies: number[] = [];
  let phase: 'warming up' | 'counting' | 'draining' = 'warming up';
  let answersInAll = 0;
  let failures = 0;
  let failure: string | undefined;
  let waiting = 0;
  let told = false;
  let counted: Omit<LoadResult, 'failures' | 'failure' | 'answersInAll'> | undefined;

  for (let index = 0; index < load.connections; index += 1) open();
  setTimeout(count, load.warmUpSeconds * 1_000);

  function open(): void {
    let sentAt: number | undefined;
    const socket = connect({ port: load.port, host: '127.0.0.1', noDelay: true });
    const send = () => {
      sentAt = performance.now();
      waiting += 1;
      socket.write(request);
    };
    socket.on('connect', send);
    socket.on('error', (error) => fail(error.message));
    socket.on('close', () => {
      if (sentAt !== undefined) {
        waiting -= 1;
        fail('the gateway closed a connection before it answered');
      }
      if (phase === 'draining') finish();
      else setTimeout(open, 10);
    });
    socket.on(
      'data',
      createMessageReader((message) => {
        answersInAll += 1;
        waiting -= 1;
        if (phase === 'counting') latencies.push(performance.now() - sentAt!);
        sentAt = undefined;
        check(message);
        if (phase === 'draining') socket.destroy();
        else send();
      }),
    );
  }

  function check({ head, body }: HttpMessage): void {
    if (head.startsWith('HTTP/1.1 200')) {
      if (body.equals(expected)) return;
      if (compareAnswers(body.toString(), load.expected) !== 'different') return;
    }
    fail(`${head.slice(0, head.indexOf('\r\n'))}: ${body.toString().slice(0, 500)}`);
  }

  function fail(what: string): void {
    failures += 1;
    failure ??= what;
  }

  function count(): void {
    tell({ kind: 'counting' });
    const start = costNow();
    const startedAt = performance.now();
    latencies = [];
    phase = 'counting';
    setTimeout(() => {
      phase = 'draining';
      const seconds = (performance.now() - startedAt) / 1_000;
      const end = costNow();
      const sorted = Float64Array.from(latencies).sort();
      counted = {
        answers: sorted.length,
        seconds,
        p50Ms: sorted.length > 0 ? percentile(sorted, 0.5) : Number.NaN,
        p99Ms: sorted.length > 0 ? percentile(sorted, 0.99) : Number.NaN,
        cpuMs: end.cpuMs - start.cpuMs,
        residentBytes: end.residentBytes,
      };
      setTimeout(() => {
        if (waiting > 0) fail(`${waiting} requests were not answered`);
        waiting = 0;
        finish();
      }, drainMs);
      finish();
    }, load.seconds * 1_000);
  }

  function costNow(): ProcessCost {
    try {
      return readProcessCost(load.gatewayPid);
    } catch {
      fail('the gateway has ended');
      return { cpuMs: Number.NaN, residentBytes: Number.NaN };
    }
  }

  /** Requests in hand are waited for: a gateway whose clients leave would ask its subgraphs for something else. */
  function finish(): void {
    if (counted === undefined || waiting > 0 || told) return;
    told = true;
    tell({ kind: 'done', result: { ...counted, failures, failure, answersInAll } });
  }
}

function requestBytes({ port, body, headers }: Load): Buffer {
  const lines = Object.entries({
    host: `127.0.0.1:${port}`,
    'content-type': 'application/json',
    accept: 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`POST /graphql HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
}

function tell(message: FromLoad): void {
  process.send?.(message);
}
