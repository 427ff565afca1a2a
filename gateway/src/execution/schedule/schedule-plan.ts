import type { FetchNode, ResponsePath } from '@apollo/query-planner';
import { fetchDependencies } from './fetch-dependencies.ts';
import type { FetchedFields } from './fetched-fields.ts';
import { isMergeable, whatItAsks } from './merge-operations.ts';
import type { FetchCondition, PlanFetch } from './plan-fetches.ts';

/** Fetches that travel together to one subgraph, as soon as the requests that they need are done. */
export interface ScheduledRequest {
  readonly fetches: readonly ScheduledFetch[];
  readonly conditions: readonly FetchCondition[];
  /** The requests that it needs, by their index: they stand before it. */
  readonly after: readonly number[];
}

export interface ScheduledFetch {
  readonly node: FetchNode;
  /** Where its targets are: fetches that ask the same of different places are one. */
  readonly paths: readonly ResponsePath[];
  /**
   * Names what is asked of each entity, if another request of the schedule asks the same: then entities that one of them was answered are not
   * asked for by the other.
   */
  readonly repeats: string | undefined;
}

/**
 * Makes as few requests of a plan's fetches as its number of steps allows.
 * @param fetches the plan's; see `planFetches`.
 * @param mergesFetches if not, every fetch is a request of its own and begins when the plan says.
 */
export function schedulePlan(
  fetches: readonly PlanFetch[],
  fields: readonly FetchedFields[],
  mergesFetches: boolean,
): readonly ScheduledRequest[] {
  const kind = fetches.some(({ node }) => node.operationKind === 'mutation') ? 'mutation' : 'query';
  const dependencies = mergesFetches ? fetchDependencies(kind, fetches, fields) : undefined;
  if (dependencies === undefined) return asPlanned(fetches);
  const classes = fetches.map(mergeClassOf);
  const steps = delay(firstSteps(dependencies), classes, dependencies);
  const groups = groupsOf(steps, classes).sort(([a], [b]) => steps[a!]! - steps[b!]!);
  const groupOf = new Map(groups.flatMap((group, index) => group.map((fetch) => [fetch, index] as const)));
  const asked = fetches.map(({ node }) => whatItAsks(node));
  return groups.map((group) => ({
    fetches: joinPaths(group, fetches, asked).map(({ asks, ...fetch }) => ({
      ...fetch,
      // What a mutation's steps change may change entities too.
      repeats: kind === 'query' && isAskedElsewhere(asks, group, asked) ? asks : undefined,
    })),
    conditions: fetches[group[0]!]!.conditions,
    after: [
      ...new Set(group.flatMap((fetch) => [...dependencies[fetch]!].map((other) => groupOf.get(other)!))),
    ],
  }));
}

/** Every fetch a request of its own, in the order of the plan. */
function asPlanned(fetches: readonly PlanFetch[]): ScheduledRequest[] {
  return fetches.map(({ node, at, conditions, after }) => ({
    fetches: [{ node, paths: [at], repeats: undefined }],
    conditions,
    after: [...after],
  }));
}

/** The first step in which each fetch can be made, when every request takes one. */
function firstSteps(dependencies: readonly ReadonlySet<number>[]): number[] {
  const steps: number[] = [];
  for (const needed of dependencies)
    steps.push(1 + Math.max(-1, ...[...needed].map((other) => steps[other]!)));
  return steps;
}

/** With which others a fetch can be merged. */
interface MergeClass {
  /** The same for fetches that can; undefined for one that always travels alone. */
  readonly key: string | undefined;
  /** Of root fields, whose keys stay what they are: there is room for one such fetch in a request. */
  readonly isRoot: boolean;
}

function mergeClassOf(fetch: PlanFetch): MergeClass {
  const { node, conditions } = fetch;
  return {
    key: isMergeable(fetch) ? JSON.stringify([node.serviceName, conditions]) : undefined,
    isRoot: node.requires === undefined,
  };
}

function canMerge(classes: readonly MergeClass[]): boolean {
  const [first] = classes;
  return (
    first?.key !== undefined &&
    classes.every(({ key }) => key === first.key) &&
    classes.filter(({ isRoot }) => isRoot).length <= 1
  );
}

/** The fetches of each step that travel together, by their index. */
function groupsOf(steps: readonly number[], classes: readonly MergeClass[]): number[][] {
  const groups: number[][] = [];
  for (const [index, step] of steps.entries()) {
    const group = groups.find(
      (others) => steps[others[0]!] === step && canMerge([...others, index].map((fetch) => classes[fetch]!)),
    );
    if (group === undefined) groups.push([index]);
    else group.push(index);
  }
  return groups;
}

/**
 * Puts fetches off to a step in which their subgraph is asked anyway, where nobody waits for them before that. The number of steps stays
 * what it is.
 */
function delay(
  steps: readonly number[],
  classes: readonly MergeClass[],
  dependencies: readonly ReadonlySet<number>[],
): number[] {
  const delayed = [...steps];
  const end = Math.max(...steps);
  const lastStep = (fetch: number): number =>
    Math.min(
      end,
      ...dependencies.flatMap((needed, other) => (needed.has(fetch) ? [delayed[other]! - 1] : [])),
    );
  const latestFirst = groupsOf(steps, classes).sort(([a], [b]) => steps[b!]! - steps[a!]!);
  for (const group of latestFirst) {
    const now = delayed[group[0]!]!;
    const until = Math.min(...group.map(lastStep));
    const later = groupsOf(delayed, classes).find(([other, ...others]) => {
      const step = delayed[other!]!;
      return (
        step > now && step <= until && canMerge([...group, other!, ...others].map((fetch) => classes[fetch]!))
      );
    });
    if (later !== undefined) for (const fetch of group) delayed[fetch] = delayed[later[0]!]!;
  }
  return delayed;
}

interface JoinedFetch {
  readonly node: FetchNode;
  readonly paths: ResponsePath[];
  readonly asks: string | undefined;
}

/** Makes one fetch of those that ask the same of several places. */
function joinPaths(
  group: readonly number[],
  fetches: readonly PlanFetch[],
  asked: readonly (string | undefined)[],
): JoinedFetch[] {
  const joined: JoinedFetch[] = [];
  for (const index of group) {
    const { node, at } = fetches[index]!;
    const asks = asked[index];
    const same = asks === undefined ? undefined : joined.find((fetch) => fetch.asks === asks);
    if (same === undefined) joined.push({ node, paths: [at], asks });
    else same.paths.push(at);
  }
  return joined;
}

function isAskedElsewhere(
  asks: string | undefined,
  group: readonly number[],
  asked: readonly (string | undefined)[],
): boolean {
  return asks !== undefined && asked.some((other, index) => other === asks && !group.includes(index));
}
