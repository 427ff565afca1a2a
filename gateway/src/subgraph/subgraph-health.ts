import { randomUUID } from 'node:crypto';
import { anonymous } from '@trellis/auth';
import type { CheckResult, Stoppable } from '@trellis/lifecycle';
import { Agent, errors, request } from 'undici';
import { isJsonObject, type JsonValue } from '../json.ts';
import type { SubgraphEndpoint } from './subgraph-endpoint.ts';
import type { SubgraphClient } from './subgraph-client.ts';

/** Below the two seconds after which a readiness check counts as failed. */
const probeMs = 1_500;

/** No list of checks is longer than this. */
const maxBytes = 64 * 1024;

/** Asks subgraphs how they are. */
export interface SubgraphHealth extends Stoppable {
  /**
   * Whether a subgraph can serve. It is asked for `/health/ready` beside its routing URL, whose own checks are shown with it; one that has
   * no such route is asked `{ __typename }` instead.
   */
  check(subgraph: SubgraphEndpoint): Promise<CheckResult>;
}

export function createSubgraphHealth(client: SubgraphClient): SubgraphHealth {
  // Of its own: probes must not wait behind operations, nor follow what another library sets for the whole process.
  const agent = new Agent({ connections: 1, maxResponseSize: maxBytes });
  return {
    check: (subgraph) => probe(agent, client, subgraph),
    stop: () => agent.destroy(),
  };
}

async function probe(agent: Agent, client: SubgraphClient, subgraph: SubgraphEndpoint): Promise<CheckResult> {
  const signal = AbortSignal.timeout(probeMs);
  try {
    const response = await request(new URL('/health/ready', subgraph.url), {
      dispatcher: agent,
      signal,
      headers: { accept: 'application/json' },
    });
    const text = await response.body.text();
    const readiness = parse(text);
    if (isJsonObject(readiness) && statusOf(readiness) !== undefined) return shown(readiness);
    if (response.statusCode >= 500) return { status: 'down', detail: `status ${response.statusCode}` };
  } catch (error) {
    if (error instanceof errors.ResponseExceededMaxSizeError)
      return { status: 'down', detail: 'answers too much' };
    return { status: 'down', detail: signal.aborted ? 'no answer in time' : 'cannot be reached' };
  }
  return askTypename(client, subgraph, signal);
}

async function askTypename(
  client: SubgraphClient,
  subgraph: SubgraphEndpoint,
  signal: AbortSignal,
): Promise<CheckResult> {
  const context = { identity: anonymous, correlationId: randomUUID(), forwardedHeaders: {}, signal };
  try {
    await client.send({
      subgraph,
      query: '{ __typename }',
      operationName: undefined,
      variables: {},
      context,
      signal,
    });
    return { status: 'up' };
  } catch {
    return { status: 'down', detail: 'does not answer GraphQL' };
  }
}

/** Passes on what a readiness check may hold and nothing else. */
function shown(check: Record<string, JsonValue>): CheckResult {
  const { detail, checks } = check;
  return {
    status: statusOf(check) ?? 'down',
    ...(typeof detail === 'string' ? { detail } : {}),
    ...(isJsonObject(checks)
      ? {
          checks: Object.fromEntries(
            Object.entries(checks).flatMap(([name, nested]) =>
              isJsonObject(nested) ? [[name, shown(nested)]] : [],
            ),
          ),
        }
      : {}),
  };
}

function statusOf({ status }: Record<string, JsonValue>): CheckResult['status'] | undefined {
  return status === 'up' || status === 'degraded' || status === 'down' ? status : undefined;
}

function parse(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
