import { StringDecoder } from 'node:string_decoder';
import { tooLarge } from './content-encoding.ts';

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
  let rest = '';
  let held = 0;
  let type = '';
  let data: string[] = [];
  for await (const chunk of body) {
    held += chunk.length;
    const lines = (rest + decoder.write(Buffer.from(chunk))).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
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
