import { gzipSync } from 'node:zlib';
import type { RequestHandler } from 'express';
import { post, startLibrary, type RunningLibrary } from '../testing/start-library.ts';

/** Answers 200 with a body as it is. */
const answering =
  (type: string, body: string | Buffer, encoding?: string): RequestHandler =>
  (_request, response) => {
    if (encoding !== undefined) response.set('content-encoding', encoding);
    response.writeHead(200, { 'content-type': type }).end(body);
  };
const json = 'application/json';
const megabyte = gzipSync(Buffer.alloc(1_000_000));
/** A gzip stream may consist of several (RFC 1952, section 2.2). */
const bomb = Buffer.concat(Array.from({ length: 200 }, () => megabyte));

describe.each<[string, RequestHandler, string]>([
  ['HTML', answering('text/html', '<html>'), 'SUBREQUEST_MALFORMED_RESPONSE'],
  ['broken JSON', answering(json, '{"data":{'), 'SUBREQUEST_MALFORMED_RESPONSE'],
  ['JSON of another type', answering('text/plain', '{"data":{}}'), 'SUBREQUEST_MALFORMED_RESPONSE'],
  ['nothing', answering(json, ''), 'SUBREQUEST_MALFORMED_RESPONSE'],
  ['null', answering(json, 'null'), 'SUBREQUEST_MALFORMED_RESPONSE'],
  ['a list', answering(json, '[{"data":{}}]'), 'SUBREQUEST_MALFORMED_RESPONSE'],
  ['200 MB in 200 kB', answering(json, bomb, 'gzip'), 'SUBREQUEST_RESPONSE_TOO_LARGE'],
  ['a redirect', (_request, response) => response.redirect(307, '/'), 'SUBREQUEST_HTTP_ERROR'],
])('a subgraph that answers with %s', (_what, answer, code) => {
  let library: RunningLibrary;

  beforeAll(async () => {
    library = await startLibrary({ maxSubgraphResponseBytes: 1_000_000 });
    library.subgraphs['people']!.misbehave(answer);
  });
  afterAll(() => library.stop());

  // Once interpreted, then compiled.
  it.each(['first', 'second'])('costs its own fields alone, the %s time too', async () => {
    const { body } = await post(library.gateway.url, { query: '{ boss: person(id: "p1") { name } depots }' });

    expect(body.data).toEqual({ boss: null, depots: ['north'] });
    expect(body.errors).toMatchObject([{ path: ['boss'], extensions: { code, service: 'people' } }]);
  });
});
