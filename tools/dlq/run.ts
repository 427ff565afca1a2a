import type { Command } from './command.ts';
import { fullId, type Letter } from './letter.ts';
import type { LetterSource } from './letter-source.ts';
import { toJson, writeLetter, writeList } from './write-letters.ts';

/** How many letters are worked on in one go. */
const batchSize = 10_000;

interface Found {
  readonly source: LetterSource;
  readonly letter: Letter;
}

/**
 * Does what was asked for.
 * @throws Error with a sentence for people when there is no such letter, or something failed; what was done before is printed.
 */
export async function runDlq(
  command: Exclude<Command, { kind: 'help' }>,
  sources: readonly LetterSource[],
  print: (text: string) => unknown,
): Promise<void> {
  const printJson = (value: unknown): unknown => print(`${JSON.stringify(value, undefined, 2)}\n`);
  if (command.kind === 'list') {
    const { queue, limit, asJson } = command;
    const letters = (await find(sources, queue === undefined ? {} : { queue }, limit)).map(
      ({ letter }) => letter,
    );
    if (asJson) printJson(letters.map((letter) => toJson(letter, false)));
    else print(writeList(letters));
    return;
  }
  if (command.kind === 'show') {
    const [{ letter }] = (await findByIds(sources, [command.id])) as [Found];
    if (command.asJson) printJson(toJson(letter, true));
    else print(writeLetter(letter));
    return;
  }
  const { kind, chosen, isConfirmed, asJson } = command;
  const found =
    'ids' in chosen
      ? await findByIds(sources, chosen.ids)
      : await find(sources, { queue: chosen.queue }, batchSize);
  if (kind === 'drop' && !isConfirmed) {
    print(writeList(found.map(({ letter }) => letter)));
    throw new Error('nothing was dropped: what is dropped is gone; say --yes if that is what you want');
  }
  const done: Letter[] = [];
  try {
    for (const source of sources) {
      const own = found.filter((one) => one.source === source).map(({ letter }) => letter);
      if (own.length > 0) await source.act(kind, own, (letter) => done.push(letter));
    }
  } finally {
    const past = kind === 'replay' ? 'replayed' : 'dropped';
    if (asJson) printJson({ [past]: done.map(fullId) });
    else print(`${done.map((letter) => `${past} ${fullId(letter)}\n`).join('')}${done.length} ${past}\n`);
  }
  if (found.length === batchSize) throw new Error('there may be more: run it again');
}

async function find(
  sources: readonly LetterSource[],
  wanted: Parameters<LetterSource['find']>[0],
  limit: number,
): Promise<Found[]> {
  const found: Found[] = [];
  for (const source of sources) {
    for (const letter of await source.find(wanted, limit)) found.push({ source, letter });
  }
  return found;
}

/** @throws Error when one of them is not there, or is not enough to tell letters apart. */
async function findByIds(sources: readonly LetterSource[], given: readonly string[]): Promise<Found[]> {
  const found = await find(sources, { ids: given.map((id) => id.slice(id.indexOf('/') + 1)) }, batchSize);
  const matches = (id: string): Found[] =>
    found.filter(({ letter }) => letter.id === id || fullId(letter) === id);
  for (const id of given) {
    const names = new Set(matches(id).map(({ letter }) => fullId(letter)));
    if (names.size === 0) throw new Error(`there is no dead letter ${id}`);
    if (names.size > 1) throw new Error(`${id} is there more than once; name one: ${[...names].join(', ')}`);
  }
  return [...new Set(given.flatMap(matches))];
}
