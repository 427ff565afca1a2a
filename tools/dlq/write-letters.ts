import { fullId, type Letter } from './letter.ts';

/** What is shown of a message that is no JSON; of more, a person makes nothing. In bytes. */
const maxShownBytes = 4_096;

/** One paragraph a letter, by queue. */
export function writeList(letters: readonly Letter[]): string {
  if (letters.length === 0) return 'no dead letters\n';
  const queues = groupByQueue(letters);
  return [...queues]
    .map(([queue, own]) => `${plain(queue)} (${own.length})\n${own.map(writeOne).join('')}`)
    .join('\n');
}

function groupByQueue(letters: readonly Letter[]): Map<string, Letter[]> {
  const queues = new Map<string, Letter[]>();
  for (const letter of letters) queues.set(letter.queue, [...(queues.get(letter.queue) ?? []), letter]);
  return queues;
}

function writeOne(letter: Letter): string {
  const { id, eventType, attempts, since, correlationId, reason, keptIn } = letter;
  const facts = [
    eventType ?? 'no type',
    attempts === 1 ? '1 attempt' : `${attempts} attempts`,
    since === undefined ? 'since nobody knows when' : `since ${since}`,
    correlationId === undefined ? 'no correlation id' : `correlation id ${correlationId}`,
    `kept in ${keptIn}`,
  ];
  return `  ${id}\n    ${plain(facts.join(', '))}\n    ${plain(reason)}\n`;
}

/** All of a letter. */
export function writeLetter(letter: Letter): string {
  const { queue, consumer, eventType, attempts, since, correlationId, reason, keptIn } = letter;
  const facts: readonly (readonly [string, string])[] = [
    ['id', fullId(letter)],
    ['queue', queue],
    ['consumer', consumer],
    ['type', eventType ?? '–'],
    ['reason', reason],
    ['attempts', String(attempts)],
    ['since', since ?? '–'],
    ['correlation', correlationId ?? '–'],
    ['kept in', keptIn],
  ];
  const { kind, text } = contentOf(letter.content);
  return [
    ...facts.map(([name, value]) => `${name.padEnd(12)} ${plain(value)}`),
    '',
    `${kind}:`,
    text,
    '',
  ].join('\n');
}

/** A letter for programs; with its content where `isWhole`. */
export function toJson(letter: Letter, isWhole: boolean): object {
  const { content, ...facts } = letter;
  return { ...facts, bytes: content.length, ...(isWhole ? { content: contentOf(content) } : {}) };
}

/** The content as JSON, as text, or as hexadecimal where it is no text; bounded. */
function contentOf(content: Buffer): { readonly kind: 'json' | 'text' | 'hex'; readonly text: string } {
  const isCut = content.length > maxShownBytes;
  const cut = isCut ? ` … (${content.length} bytes in all)` : '';
  const shown = content.subarray(0, maxShownBytes);
  let text: string;
  try {
    // The beginning of a text may end within a character.
    text = new TextDecoder('utf-8', { fatal: true }).decode(shown, { stream: isCut });
  } catch {
    return { kind: 'hex', text: shown.toString('hex') + cut };
  }
  try {
    if (!isCut) return { kind: 'json', text: JSON.stringify(JSON.parse(text), undefined, 2) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return { kind: 'text', text: plain(text) + cut };
}

/** A stranger's text could move the cursor of a terminal, or hide what follows. */
function plain(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, (character) => (character === '\n' ? character : '\uFFFD'));
}
