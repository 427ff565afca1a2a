import { createRandom, type Random } from './random.ts';

/** Something that a customer or an administrator does. Customers and products are numbered from 0. */
export type Action =
  | { readonly kind: 'place'; readonly customer: number; readonly lines: readonly PlannedLine[] }
  /** Takes back the order of an earlier action as soon as that is answered, its place in the list of actions. */
  | { readonly kind: 'cancel'; readonly order: number }
  | { readonly kind: 'adjust'; readonly product: number; readonly change: number };

interface PlannedLine {
  readonly product: number;
  readonly quantity: number;
}

/**
 * What can happen to a part: `kill -9` and, after a pause, a start; SIGTERM and a start; SIGSTOP and, after a pause, SIGCONT; a reset of every
 * connection to it; connections that stay and bring nothing back, until they are reset after a pause.
 */
export type FaultKind = 'kill' | 'terminate' | 'freeze' | 'cut' | 'mute';

/** A fault that a part can suffer, and how often compared with others. */
export interface PossibleFault {
  readonly kind: FaultKind;
  readonly part: string;
  readonly weight: number;
  /** Of its pause. */
  readonly longestMs: number;
}

/** A fault and when it strikes: when the action with this index begins. */
export interface Fault {
  readonly kind: FaultKind;
  readonly part: string;
  readonly before: number;
  readonly pauseMs: number;
}

/** All of a round: it follows from the seed and the options, and from nothing else. */
export interface Schedule {
  readonly actions: readonly Action[];
  readonly faults: readonly Fault[];
}

/** How actions are mixed. */
export interface Mix {
  /** Of all actions, 0 to 1. */
  readonly cancel: number;
  readonly adjust: number;
  /** Of cancellations: how many are of the order that was placed just before, which is most likely still pending. */
  readonly cancelAtOnce: number;
  /** The most products in an order. */
  readonly lines: number;
}

const usualMix: Mix = { cancel: 0.2, adjust: 0.08, cancelAtOnce: 0.5, lines: 3 };

export interface ScheduleOptions {
  readonly seed: string;
  readonly round: number;
  /** How many of the actions place an order. */
  readonly orders: number;
  readonly customers: number;
  readonly products: number;
  readonly possibleFaults: readonly PossibleFault[];
  readonly mix?: Mix;
  /** The fewest and the most faults of a round. */
  readonly faults?: readonly [fewest: number, most: number];
}

/** Draws the actions and the faults of a round. The first fault of a round kills. */
export function drawSchedule(options: ScheduleOptions): Schedule {
  const { seed, round, possibleFaults, faults: [fewest, most] = [2, 4] } = options;
  const random = createRandom(`${seed}/${round}`);
  const actions = drawActions(random, options);
  const kills = possibleFaults.filter(({ kind }) => kind === 'kill');
  const faults = Array.from({ length: random.integer(fewest, most) }, (_, index): Fault => {
    const { kind, part, longestMs } = random.weighted(index === 0 ? kills : possibleFaults);
    return {
      kind,
      part,
      before: random.integer(0, actions.length - 1),
      pauseMs: random.integer(0, longestMs),
    };
  });
  return { actions, faults: faults.sort((a, b) => a.before - b.before) };
}

function drawActions(random: Random, options: ScheduleOptions): Action[] {
  const { mix = usualMix } = options;
  const actions: Action[] = [];
  const placed: number[] = [];
  while (placed.length < options.orders) {
    if (placed.length > 0 && random.chance(mix.cancel)) {
      const order = random.chance(mix.cancelAtOnce) ? placed.at(-1)! : random.pick(placed);
      actions.push({ kind: 'cancel', order });
    } else if (random.chance(mix.adjust)) {
      const change = random.chance(0.25) ? -random.integer(1, 20) : random.integer(1, 80);
      actions.push({ kind: 'adjust', product: random.integer(0, options.products - 1), change });
    } else {
      placed.push(actions.length);
      actions.push({
        kind: 'place',
        customer: random.integer(0, options.customers - 1),
        lines: drawLines(random, options.products, mix.lines),
      });
    }
  }
  return actions;
}

function drawLines(random: Random, products: number, most: number): PlannedLine[] {
  const wanted = new Set(
    Array.from({ length: random.integer(1, most) }, () => random.integer(0, products - 1)),
  );
  return [...wanted].map((product) => ({ product, quantity: random.integer(1, 3) }));
}

/** A fault in a few words: `kill orders @120 +300ms`. */
export function describeFault({ kind, part, before, pauseMs }: Fault): string {
  return `${kind} ${part} @${before}${kind === 'cut' ? '' : ` +${pauseMs}ms`}`;
}
