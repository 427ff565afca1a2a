import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { explorer } from './explorer.ts';

describe('the explorer', () => {
  it('is rendered anew after a rendering that failed, and kept after one that did not', async () => {
    let renderings = 0;
    const app = express();
    app.use(
      explorer({ endpoint: '/graphql', title: 'Explorer', defaultQuery: undefined }, () => {
        renderings += 1;
        if (renderings === 1) throw new Error('out of memory');
        return '<html>';
      }),
    );
    app.use(
      ((_error, _request, response, _next) => void response.status(500).end()) as express.ErrorRequestHandler,
    );
    const server = createServer(app).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

    const statuses = [];
    for (let round = 1; round <= 3; round++) {
      const response = await fetch(url);
      await response.text();
      statuses.push(response.status);
    }
    server.closeAllConnections();
    server.close();

    expect([statuses, renderings]).toEqual([[500, 200, 200], 2]);
  });

  it('is not packed for clients that do not take it so', async () => {
    const app = express();
    app.use(explorer({ endpoint: '/graphql', title: 'Explorer', defaultQuery: undefined }, () => '<html>'));
    const server = createServer(app).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

    const answers = await Promise.all(
      ['identity', 'gzip'].map(async (encoding) => {
        const response = await fetch(url, { headers: { 'accept-encoding': encoding } });
        return [response.headers.get('content-encoding'), await response.text()];
      }),
    );
    server.closeAllConnections();
    server.close();

    expect(answers).toEqual([
      [null, '<html>'],
      ['gzip', '<html>'],
    ]);
  });
});
