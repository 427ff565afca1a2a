import type { DeferredNode, PlanNode } from '@apollo/query-planner';
import type { LeaveSignal } from '../../aborting.ts';
import type { SubgraphClient, SubgraphRequest } from '../../subgraph/subgraph-client.ts';
import type { SubgraphResult } from '../../subgraph/subgraph-result.ts';
import { executeNode } from '../execute-node.ts';
import type { PlanRun } from '../plan-run.ts';
import { branchRun } from './branch-run.ts';

/** A node of a plan, without the deferred fragments that it may begin. */
export interface NodeInParts {
  readonly primary: PlanNode | undefined;
  readonly deferred: readonly DeferredNode[];
}

export function takeApart(run: PlanRun, node: PlanNode | undefined): NodeInParts {
  if (node?.kind === 'Condition') {
    return takeApart(run, run.coercedVariables[node.condition] === true ? node.ifClause : node.elseClause);
  }
  return node?.kind === 'Defer'
    ? { primary: node.primary.node, deferred: node.deferred }
    : { primary: node, deferred: [] };
}

/** Fetches of deferred fragments that were begun before the part that the fragments are in was there. */
export interface Ahead {
  /** Watches a part being executed: what depends on none of its fetches begins at once, the rest when what it depends on is there. */
  watch(run: PlanRun, deferred: readonly DeferredNode[]): AheadWatch;
  /** The client for the fragment itself: requests that were made ahead are not made again. */
  clientFor(planLabel: string, client: SubgraphClient): SubgraphClient;
}

export interface AheadWatch {
  readonly onFetched: (id: string) => void;
  /** The part is there: nothing is ahead of it any more. */
  end(): void;
}

/**
 * A fragment is executed on the whole of what its part has gathered, so that it is the same as in an operation without `@defer`. Its requests need
 * not wait for that: they are made on a branch of the part's run, for their answers alone, as soon as the plan allows.
 * @param signal gives the requests up.
 */
export function createAhead(signal: LeaveSignal): Ahead {
  const fetched = new Set<string>();
  const clients = new Map<string, SubgraphClient>();
  const begin = (run: PlanRun, { label, node }: DeferredNode): void => {
    const { primary } = takeApart(run, node);
    if (label === undefined || primary === undefined || clients.has(label)) return;
    const { asking, answering } = rememberAnswers(run.client);
    clients.set(label, answering);
    const branch = branchRun(run, { client: asking, signal });
    // What fails here fails again where the fragment is executed, and is told there.
    executeNode(branch, primary, [{ object: branch.data, path: [] }]).catch(() => {});
  };
  return {
    watch(run, deferred) {
      let ended = false;
      const look = (): void => {
        if (ended || signal.aborted) return;
        for (const node of deferred) if (node.depends.every(({ id }) => fetched.has(id))) begin(run, node);
      };
      // After whatever follows from the fetch: if the part ends with it, there is nothing to be ahead of.
      if (deferred.length > 0) setImmediate(look);
      return {
        onFetched(id) {
          fetched.add(id);
          setImmediate(look);
        },
        end: () => (ended = true),
      };
    },
    clientFor: (planLabel, client) => clients.get(planLabel) ?? client,
  };
}

/** A client that asks, and one that answers equal requests with what the first was answered, once each. */
function rememberAnswers(client: SubgraphClient): { asking: SubgraphClient; answering: SubgraphClient } {
  const answers = new Map<string, Promise<SubgraphResult>>();
  const keyOf = ({ subgraph, query, variables }: SubgraphRequest): string =>
    JSON.stringify([subgraph.name, query, variables]);
  return {
    asking: {
      ...client,
      async send(request) {
        const answer = client.send(request);
        answers.set(keyOf(request), answer);
        // Whoever is answered may write into the data.
        return structuredClone(await answer);
      },
    },
    answering: {
      ...client,
      send(request) {
        const key = keyOf(request);
        const answer = answers.get(key);
        answers.delete(key);
        return answer ?? client.send(request);
      },
    },
  };
}
