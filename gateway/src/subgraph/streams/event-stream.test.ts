import { jest } from '@jest/globals';
import { readEvents } from './event-stream.ts';

async function read(...chunks: (string | Buffer)[]) {
  async function* body() {
    for (const chunk of chunks) yield Buffer.from(chunk);
  }
  const events = [];
  for await (const event of readEvents(body(), 1_000)) events.push(event);
  return events;
}

describe('readEvents', () => {
  it('reads names and data', async () => {
    expect(await read('event: next\ndata: 1\n\ndata: 2\n\n')).toEqual([
      { type: 'next', data: '1' },
      { type: 'message', data: '2' },
    ]);
  });

  it('joins several lines of data', async () => {
    expect(await read('data: a\ndata:b\ndata\n\n')).toEqual([{ type: 'message', data: 'a\nb\n' }]);
  });

  it.each(['\n', '\r\n', '\r'])('takes %j for the end of a line', async (end) => {
    const text = ['event: next', 'data: 1', '', 'data: 2', '', 'x'].join(end);

    expect(await read(text)).toEqual([
      { type: 'next', data: '1' },
      { type: 'message', data: '2' },
    ]);
  });

  it('does not care where the network cuts, even inside a letter or a line end', async () => {
    const text = Buffer.from('event: next\r\ndata: {"é":"😀"}\r\n\r\n');
    for (let cut = 0; cut < text.length; cut++) {
      expect(await read(text.subarray(0, cut), text.subarray(cut))).toEqual([
        { type: 'next', data: '{"é":"😀"}' },
      ]);
    }
  });

  it('skips comments and fields that it does not know', async () => {
    expect(await read(':ping\n\nid: 5\nretry: 1\ndata: 1\n\n:\n\n')).toEqual([
      { type: 'message', data: '1' },
    ]);
  });

  it('reports an end without data', async () => {
    expect(await read('event: complete\n\n')).toEqual([{ type: 'complete', data: '' }]);
  });

  it('drops an event that was not ended', async () => {
    expect(await read('data: 1\n')).toEqual([]);
  });

  it('refuses an event that is too large, in one line or in many', async () => {
    await expect(read(`data: ${'x'.repeat(2_000)}`)).rejects.toThrow('RESPONSE_TOO_LARGE');
    await expect(read(...Array.from({ length: 300 }, () => 'data: x\n'))).rejects.toThrow(
      'RESPONSE_TOO_LARGE',
    );
  });

  it('looks at each part of a long line once', async () => {
    async function* body() {
      yield Buffer.from('data: ');
      for (let part = 0; part < 500; part++) yield Buffer.from('x'.repeat(1_000));
      yield Buffer.from('\n\n');
    }
    const split = jest.spyOn(String.prototype, 'split');
    const events = [];
    for await (const event of readEvents(body(), 1_000_000)) events.push(event.data.length);
    const texts = split.mock.contexts as unknown as string[];
    const looked = texts.reduce((sum, text) => sum + text.length, 0);
    split.mockRestore();

    expect(events).toEqual([500_000]);
    expect(looked).toBeLessThan(1_000_000);
  });

  it('does not count events that are over', async () => {
    const many = Array.from({ length: 300 }, (_, index) => `data: ${index}\n\n`);

    expect(await read(...many)).toHaveLength(300);
  });
});
