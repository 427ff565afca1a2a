import type { DeadLetterQueues, LetterDecision } from '@trellis/messaging';
import type { KeptLetter, LetterKey } from '@trellis/outbox';
import { fromBroker, fromTable, fullId, type Letter } from './letter.ts';

/** Where dead letters are kept. */
export interface LetterSource {
  /**
   * The oldest of each queue, and as many at most.
   * @param wanted.ids only these; @param wanted.queue only this one's.
   */
  find(wanted: Wanted, limit: number): Promise<readonly Letter[]>;
  /**
   * @param chosen their full ids.
   * @param onDone is told of each that is done with, and stays told when a later one fails.
   */
  act(action: Action, chosen: readonly Letter[], onDone: (letter: Letter) => void): Promise<void>;
  stop(): Promise<void>;
}

export type Action = Extract<LetterDecision, 'replay' | 'drop'>;

/** Which letters are looked for; nothing: all. */
export interface Wanted {
  readonly ids?: readonly string[];
  readonly queue?: string;
}

/** The dead letters of one database. */
export interface LetterTable {
  list(options: { readonly limit: number; readonly eventIds?: readonly string[] }): Promise<KeptLetter[]>;
  replay(keys: readonly LetterKey[]): Promise<LetterKey[]>;
  drop(keys: readonly LetterKey[]): Promise<LetterKey[]>;
  stop(): Promise<void>;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** More than one request of the control socket takes is asked for in several. */
const tableLimit = 10_000;

/** @param service whose database it is. */
export function tableSource(service: string, table: LetterTable): LetterSource {
  return {
    async find({ ids, queue }, limit) {
      const eventIds = ids?.filter((id) => uuid.test(id));
      if (eventIds?.length === 0) return [];
      const kept = await table.list({
        // A queue is not a column: all are looked through for it.
        limit: queue === undefined ? limit : tableLimit,
        ...(eventIds === undefined ? {} : { eventIds }),
      });
      return kept
        .map((letter) => fromTable(service, letter))
        .filter((letter) => queue === undefined || letter.queue === queue)
        .slice(0, limit);
    },
    async act(action, chosen, onDone) {
      const done = await table[action](chosen.map(({ consumer, id }) => ({ consumer, eventId: id })));
      const isDone = ({ consumer, id }: Letter): boolean =>
        done.some((key) => key.consumer === consumer && key.eventId === id);
      chosen.filter(isDone).forEach(onDone);
    },
    stop: () => table.stop(),
  };
}

/** The dead-letter queues of a broker. */
export function brokerSource(queues: DeadLetterQueues): LetterSource {
  return {
    async find({ ids, queue }, limit) {
      const found: Letter[] = [];
      for (const name of queues.queues) {
        if (queue !== undefined && queue !== name) continue;
        let count = 0;
        await queues.visit(name, (queued) => {
          if (ids !== undefined && !ids.includes(queued.id)) return 'keep';
          found.push(fromBroker(queued));
          return ++count < limit ? 'keep' : 'stop';
        });
      }
      return found;
    },
    async act(action, chosen, onDone) {
      for (const queue of new Set(chosen.map((letter) => letter.queue))) {
        const left = new Set(chosen.map(fullId));
        // Told when the next one is shown: only then the one before is done with.
        let under: Letter | undefined;
        const tell = (): void => {
          if (under !== undefined) onDone(under);
          under = undefined;
        };
        await queues.visit(queue, (queued) => {
          tell();
          const letter = fromBroker(queued);
          if (!left.has(fullId(letter))) return 'keep';
          under = letter;
          return action;
        });
        tell();
      }
    },
    stop: () => queues.stop(),
  };
}
