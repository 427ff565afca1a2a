import { StringDecoder } from 'node:string_decoder';
import { tooLarge } from '../content-encoding.ts';

/** An event of a stream: `next`, `complete`, or one this gateway does not know. */
export interface StreamEvent {
  readonly type: string;
  readonly data: string;
}

/**
 * Reads server-sent events (HTML Living Standard, section 9.2.6). Nothing is read ahead of the consumer, so a slow one slows the sender
 * down instead of filling memory.
 * @throws SubrequestFailure when one event is larger than `maxEventBytes`.
 */
export async function* readEvents(
  body: AsyncIterable<Buffer | Uint8Array>,
  maxEventBytes: number,
): AsyncGenerator<StreamEvent, void, void> {
  const decoder = new StringDecoder('utf8');
  // The beginning of a line whose end has not come yet, as it came: joined once, so that a long line costs no more than its length.
  let begun: string[] = [];
  // A line end that may be the first half of another.
  let carriageReturn = '';
  let held = 0;
  let type = '';
  let data: string[] = [];
  for await (const chunk of body) {
    held += chunk.length;
    let text = carriageReturn + decoder.write(Buffer.from(chunk));
    carriageReturn = text.endsWith('\r') ? '\r' : '';
    if (carriageReturn !== '') text = text.slice(0, -1);
    const lines = text.split(/\r\n|\n|\r/);
    const rest = lines.pop()!;
    if (lines.length > 0) {
      lines[0] = begun.join('') + lines[0]!;
      begun = [];
    }
    begun.push(rest);
    for (const line of lines) {
      if (line === '') {
        // `complete` may come without data, which a browser would drop and graphql-sse's protocol allows.
        const event = { type: type === '' ? 'message' : type, data: data.join('\n') };
        if (event.data.length > maxEventBytes) throw tooLarge(maxEventBytes);
        if (data.length > 0 || type !== '') yield event;
        type = '';
        data = [];
        held = rest.length;
      } else if (line.startsWith('event:')) type = valueOf(line, 6);
      else if (line.startsWith('data:')) data.push(valueOf(line, 5));
      else if (line === 'data') data.push('');
    }
    if (held > maxEventBytes) throw tooLarge(maxEventBytes);
  }
}

function valueOf(line: string, from: number): string {
  return line.slice(line[from] === ' ' ? from + 1 : from);
}
