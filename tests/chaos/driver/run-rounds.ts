import { randomUUID } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { collectAnswers, type Answers } from './answers.ts';
import { comeToRest } from './come-to-rest.ts';
import { createStriker, pause } from './part.ts';
import { perform } from './perform.ts';
import { drawSchedule, type Fault, type Mix, type PossibleFault, type Schedule } from './schedule.ts';
import { openShop, type Customer, type Shop } from './shop.ts';
import type { Mode, Target, TargetOptions } from './target.ts';

export interface RunOptions {
  readonly seed: string;
  readonly rounds: number;
  readonly firstRound: number;
  readonly ordersPerRound: number;
  /** Makes an installation that is not started yet. */
  readonly createTarget: (options: TargetOptions) => Promise<Target>;
  /** For installations, each in a folder of its own. */
  readonly folder: string;
  /** Where the source is that is run. */
  readonly source: string;
  /** After how many rounds a new installation takes the place of the old one. */
  readonly roundsPerInstallation: number;
  /** How long an installation may take to come to rest. */
  readonly restMs: number;
  readonly concurrency: number;
  /** Where they differ from the target's. */
  readonly possibleFaults?: readonly PossibleFault[];
  readonly faultsPerRound?: readonly [fewest: number, most: number];
  readonly mix?: Mix;
  readonly onRound: (round: RoundResult) => void;
}

/** How a round came out. */
export interface RoundResult {
  readonly mode: Mode;
  readonly round: number;
  /** How many of the orders that were placed in it ended with each status. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly acknowledged: {
    readonly orders: number;
    readonly cancellations: number;
    readonly stockChanges: number;
  };
  readonly faults: readonly Fault[];
  /** From the last answer, with everything healed, until nothing was under way. */
  readonly restMs: number;
  readonly ms: number;
  readonly problems: readonly Problem[];
  /** Where the databases are kept; only where there are problems. */
  readonly folder?: string;
}

/** What must not be. `found` is an invariant, or tells of a crash or an answer that nothing explains. */
export interface Problem {
  readonly found: string;
  readonly ids: readonly string[];
  readonly sentence: string;
}

/** Of each round: those that are known to the gateway, and those whose requests go to the subgraph. */
const gatewayCustomers = 4;
const customers = 16;
const products = 8;

/** Runs rounds until they are done or one finds a problem. @returns every round. */
export async function runRounds(options: RunOptions): Promise<RoundResult[]> {
  const results: RoundResult[] = [];
  const end = options.firstRound + options.rounds;
  for (let first = options.firstRound; first < end; first += options.roundsPerInstallation) {
    const last = Math.min(first + options.roundsPerInstallation, end) - 1;
    const folder = join(options.folder, `rounds-${first}-to-${last}`);
    const target = await options.createTarget({ folder, source: options.source });
    try {
      await target.start();
      const installation = await open(target);
      for (let round = first; round <= last; round += 1) {
        const result = await runRound(installation, round, options);
        results.push(result);
        options.onRound(result);
        if (result.problems.length > 0) return results;
      }
    } finally {
      await target.stop();
    }
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
  return results;
}

interface Installation {
  readonly target: Target;
  readonly shop: Shop;
  readonly productIds: readonly string[];
  readonly answers: Answers;
  /** Of its orders by status, before the round. */
  statuses: Readonly<Record<string, number>>;
}

/** Fills a new installation with products, and waits until orders knows them. */
async function open(target: Target): Promise<Installation> {
  const shop = openShop(target);
  const answers = collectAnswers();
  const productIds: string[] = [];
  for (let index = 0; index < products; index += 1) productIds.push(await shop.createProduct(100));
  const customer = { id: randomUUID() };
  for (;;) {
    const idempotencyKey = randomUUID();
    const lines = productIds.map((productId) => ({ productId, quantity: 1 }));
    const answer = await shop.place(customer, idempotencyKey, lines);
    if (answer.kind === 'done') {
      answers.order({ id: answer.id, customerId: customer.id, idempotencyKey });
      return { target, shop, productIds, answers, statuses: { CONFIRMED: 1 } };
    }
    await pause(100);
  }
}

async function runRound(
  installation: Installation,
  round: number,
  options: RunOptions,
): Promise<RoundResult> {
  const { target, shop, productIds, answers } = installation;
  const began = Date.now();
  const schedule = scheduleOf(target, round, options);
  const before = countOf(answers);
  const striker = createStriker(target.parts);
  const shoppers: Customer[] = [];
  for (let index = 0; index < customers; index += 1)
    shoppers.push(index < gatewayCustomers ? await shop.register() : { id: randomUUID() });

  const problems: Problem[] = [];
  let restMs = 0;
  let statuses = installation.statuses;
  try {
    await perform(schedule.actions, {
      shop,
      customers: shoppers,
      products: productIds,
      answers,
      concurrency: options.concurrency,
      onAction: (index) => schedule.faults.filter(({ before: at }) => at === index).forEach(striker.strike),
    });
    await striker.healed();
    const rest = await comeToRest(target, shop, answers.acknowledged(), options.restMs);
    restMs = rest.ms;
    statuses = rest.statuses;
    problems.push(
      ...rest.violations.map(({ invariant, ...violation }) => ({ found: invariant, ...violation })),
    );
  } catch (error) {
    const sentence = error instanceof Error ? error.message : String(error);
    problems.push({ found: 'the round could not be finished', ids: [], sentence });
  }
  for (const sentence of answers.surprises())
    problems.push({ found: 'an unexplained refusal', ids: [], sentence });
  for (const sentence of target.crashes()) problems.push({ found: 'a crash', ids: [], sentence });

  const result: RoundResult = {
    mode: target.mode,
    round,
    statuses: difference(statuses, installation.statuses),
    acknowledged: difference(countOf(answers), before) as RoundResult['acknowledged'],
    faults: schedule.faults,
    restMs,
    ms: Date.now() - began,
    problems,
    ...(problems.length > 0 ? { folder: target.folder } : {}),
  };
  installation.statuses = statuses;
  if (problems.length > 0) keep(target.folder, { ...result, schedule, acknowledged: answers.acknowledged() });
  return result;
}

function scheduleOf(target: Target, round: number, options: RunOptions): Schedule {
  return drawSchedule({
    seed: options.seed,
    round,
    orders: options.ordersPerRound,
    customers,
    products,
    possibleFaults: options.possibleFaults ?? target.possibleFaults,
    ...(options.mix === undefined ? {} : { mix: options.mix }),
    ...(options.faultsPerRound === undefined ? {} : { faults: options.faultsPerRound }),
  });
}

/** Leaves beside the databases what whoever looks into them has to know. */
function keep(folder: string, everything: object): void {
  writeFileSync(join(folder, 'round.json'), JSON.stringify(everything, undefined, 2));
}

function countOf(answers: Answers): Record<string, number> {
  const { orders, cancellations, stockChanges } = answers.acknowledged();
  return { orders: orders.length, cancellations: cancellations.length, stockChanges: stockChanges.length };
}

function difference(
  after: Readonly<Record<string, number>>,
  before: Readonly<Record<string, number>>,
): Record<string, number> {
  return Object.fromEntries(
    Object.entries(after).map(([name, count]) => [name, count - (before[name] ?? 0)]),
  );
}
