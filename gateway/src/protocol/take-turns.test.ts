import { once } from 'node:events';
import { connect } from 'node:net';
import { turnsDuring } from '../../../tests/support/turns-during.ts';
import { startLibrary } from '../testing/start-library.ts';

describe('operations that are new', () => {
  it('each have a turn of the event loop to themselves, also when they come in one packet', async () => {
    const library = await startLibrary();
    const socket = connect(Number(new URL(library.gateway.url).port), '127.0.0.1');
    await once(socket, 'connect');
    const requests = Array.from({ length: 17 }, (_each, index) => {
      const body = JSON.stringify({ query: `{ unknown${index} }` });
      return `POST /graphql HTTP/1.1\r\nhost: here\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
    });

    const turns = await turnsDuring(async () => {
      socket.write(requests.join(''));
      let heard = '';
      for await (const chunk of socket) {
        heard += String(chunk);
        if (heard.split('HTTP/1.1 ').length > requests.length) break;
      }
    });
    await library.stop();

    expect(turns).toBeGreaterThanOrEqual(requests.length);
  });
});
