import { subgraphError } from './subgraph-error.ts';

const extensionsOf = (extensions: Record<string, unknown>) =>
  subgraphError({ message: 'no', extensions }, 'people', ['me']).extensions;

describe("a subgraph's error", () => {
  it('keeps its code and what it says of the refusal, and says whose it is', () => {
    const own = {
      code: 'OUT_OF_STOCK',
      hint: 'later',
      retryAfter: 30,
      fields: ['amount'],
      Reason: 'none left',
    };

    expect(extensionsOf(own)).toEqual({ ...own, service: 'people' });
  });

  it.each([
    ['stacktrace', ['Error: no', 'at db.ts:3']],
    ['StackTrace', 'at db.ts:3'],
    ['stack', 'at db.ts:3'],
    ['trace', [{ file: '/srv/app.php', line: 3 }]],
    ['exception', { stacktrace: ['at db.ts:3'] }],
    ['cause', { host: 'db-7.internal' }],
    ['originalError', { stack: 'at db.ts:3' }],
    ['debug', { stack: 'at db.ts:3' }],
    ['debugMessage', 'SQLSTATE 42'],
    ['query', 'query ($p: String) { login(password: $p) }'],
    ['Variables', { p: 'secret' }],
    ['sql', 'SELECT'],
    ['request', { headers: { authorization: 'secret' } }],
    ['headers', { authorization: 'secret' }],
    ['response', { url: 'http://10.0.0.1/', body: 'secret' }],
    ['http', { status: 500 }],
    ['url', 'http://10.0.0.1/'],
    ['URI', 'http://10.0.0.1/'],
    ['serviceName', 'internal'],
    ['downstreamErrors', [{ message: 'secret' }]],
  ])('loses its extension %s, which is for its own developers', (name, value) => {
    expect(extensionsOf({ code: 'NO', [name]: value })).toEqual({ code: 'NO', service: 'people' });
  });

  it.each([[undefined], [5], [{ a: 1 }], [null]])('has a code when its own is %j', (code) => {
    expect(extensionsOf({ code })).toEqual({ code: 'INTERNAL_SERVER_ERROR', service: 'people' });
  });
});
