import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { SubrequestCode } from '../subgraph/subrequest-failure.ts';

/** How an operation went: without an error, with some, or not to its end. */
export type OperationOutcome = 'ok' | 'errors' | 'aborted';

/** How a request to a subgraph went; a code when there was no GraphQL response. */
export type SubrequestOutcome = OperationOutcome | SubrequestCode;

/**
 * What the gateway counts, in the form that Prometheus reads. Labels have few values, whatever clients send: no operation names, no paths, no ids.
 * Durations are in seconds.
 */
export interface Metrics {
  /** An HTTP request was answered, or given up by its client (499). */
  requestAnswered(method: string, status: number, seconds: number): void;
  /** An operation was executed. @param type `query`, `mutation` or `subscription` (until its stream began). */
  operationExecuted(type: string, outcome: OperationOutcome, seconds: number): void;
  /** A subgraph was asked. */
  subgraphAsked(subgraph: string, outcome: SubrequestOutcome, seconds: number): void;
  streamOpened(): void;
  streamEnded(): void;
  /** A new supergraph came: in service from now on, or refused. */
  supergraphOffered(outcome: 'served' | 'refused'): void;
  /** Everything so far. */
  read(): Promise<{ readonly contentType: string; readonly text: string }>;
}

/** From what a cached answer takes to where deadlines lie. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const requests = new Histogram({
    name: 'http_server_request_duration_seconds',
    help: 'Time from the request to the end of its response.',
    labelNames: ['http_request_method', 'http_response_status_code'] as const,
    buckets,
    registers,
  });
  const operations = new Histogram({
    name: 'graphql_operation_duration_seconds',
    help: 'Time that operations took to execute, without reading and writing HTTP.',
    labelNames: ['type', 'outcome'] as const,
    buckets,
    registers,
  });
  const subgraphs = new Histogram({
    name: 'graphql_subgraph_request_duration_seconds',
    help: 'Time that subgraphs took to answer.',
    labelNames: ['subgraph', 'outcome'] as const,
    buckets,
    registers,
  });
  const streams = new Gauge({
    name: 'graphql_streams_open',
    help: 'Subscriptions that are open.',
    registers,
  });
  const supergraphs = new Counter({
    name: 'supergraphs_total',
    help: 'Supergraphs that came after the first, by what became of them.',
    labelNames: ['outcome'] as const,
    registers,
  });
  const request = series((method, status) =>
    requests.labels({ http_request_method: method, http_response_status_code: status }),
  );
  const operation = series((type, outcome) => operations.labels({ type, outcome }));
  const subgraph = series((name, outcome) => subgraphs.labels({ subgraph: name, outcome }));
  return {
    requestAnswered: (method, status, seconds) =>
      request(methods.has(method) ? method : '_OTHER', String(status)).observe(seconds),
    operationExecuted: (type, outcome, seconds) => operation(type, outcome).observe(seconds),
    subgraphAsked: (name, outcome, seconds) => subgraph(name, outcome).observe(seconds),
    streamOpened: () => streams.inc(),
    streamEnded: () => streams.dec(),
    supergraphOffered: (outcome) => supergraphs.inc({ outcome }),
    read: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  };
}

/** Looks a series up without building its label set again, which costs more than counting does. */
function series<T>(make: (first: string, second: string) => T): (first: string, second: string) => T {
  const known = new Map<string, Map<string, T>>();
  return (first, second) => {
    let inner = known.get(first);
    if (inner === undefined) known.set(first, (inner = new Map<string, T>()));
    let found = inner.get(second);
    if (found === undefined) inner.set(second, (found = make(first, second)));
    return found;
  };
}
