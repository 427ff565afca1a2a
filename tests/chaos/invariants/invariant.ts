import type { DatabaseName, Reading } from './reading.ts';

/** One case in which an invariant does not hold. */
export interface Finding {
  /** What is at fault: orders, products, events, queues. */
  readonly ids: readonly string[];
  /** What was found there, and what should be. */
  readonly sentence: string;
}

/**
 * When an invariant holds: `always`, whatever is under way; `soon`, a moment after what it is about, because an event has to arrive first;
 * `at rest`, when nothing is under way anywhere.
 */
export type Holds = 'always' | 'soon' | 'at rest';

/** Something that is true of every healthy installation. */
export interface Invariant {
  readonly name: string;
  /** What holds, in one sentence. */
  readonly sentence: string;
  readonly holds: Holds;
  readonly find: (reading: Reading) => Promise<readonly Finding[]>;
}

/** More cases than this of one kind tell nobody more, and readers have their limits. */
const mostFindings = 20_000;

/**
 * Makes the search of an invariant that one statement on one database decides.
 * Finds 20,000 cases at the most.
 * @param query answers a row for each violation: `ids`, a JSON array of text, and `sentence`.
 */
export function rowsOf(database: DatabaseName, query: string): Invariant['find'] {
  return async (reading) => {
    const limited = `select * from (${query}) as found order by ids limit ${mostFindings}`;
    const rows = (await reading[database]?.query(limited)) ?? [];
    return rows.map(({ ids, sentence }) => ({
      ids: (ids as readonly unknown[]).map(String),
      sentence: String(sentence),
    }));
  };
}
