import { listen, type HttpListener } from '@trellis/lifecycle';
import { waitUntil } from '../testing/wait-until.ts';
import { supergraphUrl } from './url-source.ts';

describe('a supergraph at a URL', () => {
  let listener: HttpListener;
  let sdl: string;
  let status: number;
  let statuses: number[];
  let authorization: string | undefined;

  beforeEach(async () => {
    [sdl, status, statuses] = ['first', 200, []];
    listener = await listen(
      (request, response) => {
        const answer = request.headers['if-none-match'] === `"${sdl.slice(0, 9)}"` ? 304 : status;
        statuses.push(answer);
        authorization = request.headers.authorization;
        response
          .writeHead(answer, { etag: `"${sdl.slice(0, 9)}"`, location: '/elsewhere' })
          .end(answer === 200 ? sdl : '');
      },
      { port: 0, host: '127.0.0.1' },
    );
  });
  afterEach(() => listener.stop());

  it('is fetched again and again, and reported when it is new', async () => {
    const source = supergraphUrl(listener.url, 5);
    const seen = [await source.load()];
    const watching = source.watch(
      (supergraphSdl) => seen.push(supergraphSdl),
      () => {},
    );
    await waitUntil(() => statuses.filter((answer) => answer === 304).length >= 2);

    sdl = 'second';

    await waitUntil(() => seen.includes('second'));
    await watching.stop();
    // Once to the load, and once to who watches: it may have changed in between.
    expect(seen).toEqual(['first', 'first', 'second']);
  });

  it('is reported when it is new to every gateway that shares the source', async () => {
    const source = supergraphUrl(listener.url, 5);
    const seen: string[][] = [[await source.load()]];
    sdl = 'second';
    seen.push([await source.load()]);
    const watching = seen.map((each) =>
      source.watch(
        (supergraphSdl) => each.push(supergraphSdl),
        () => {},
      ),
    );

    await waitUntil(() => seen.every((each) => each.includes('second')));
    sdl = 'third';
    await waitUntil(() => seen.every((each) => each.includes('third')));
    await Promise.all(watching.map((each) => each.stop()));
  });

  it('is still watched after it could not be fetched', async () => {
    const source = supergraphUrl(listener.url, 5);
    await source.load();
    const [seen, problems]: string[][] = [[], []];
    const watching = source.watch(
      (supergraphSdl) => seen!.push(supergraphSdl),
      (problem) => problems!.push(problem),
    );
    [sdl, status] = ['second', 500];
    await waitUntil(() => problems!.length > 0);
    status = 200;
    await waitUntil(() => seen!.length > 0);
    await watching.stop();

    expect(problems![0]).toContain('status 500');
    expect(seen).toEqual(['second']);
  });

  it.each([404, 302])('is not there when the answer is %i', async (answer) => {
    status = answer;

    await expect(supergraphUrl(listener.url, 5).load()).rejects.toThrow(
      `the supergraph at ${listener.url}/ cannot`,
    );
  });

  it('is not looked for where a redirect leads, and is refused when it is larger than any supergraph', async () => {
    status = 302;
    await expect(supergraphUrl(listener.url, 5).load()).rejects.toThrow('it redirects: name the address');

    [sdl, status] = ['#'.repeat(65 * 1024 * 1024), 200];
    await expect(supergraphUrl(listener.url, 5).load()).rejects.toThrow('it is larger than 64 MiB');
  });

  it('is fetched with the credentials of its address, which no error repeats', async () => {
    const address = listener.url.replace('http://', 'http://reader:hunter%402@') + '/graph?token=hunter2';
    const source = supergraphUrl(address, 5);
    await source.load();
    [sdl, status] = ['second', 403];
    const problems: string[] = [];
    const watching = source.watch(
      () => {},
      (problem) => problems.push(problem),
    );
    await waitUntil(() => problems.length > 0);
    await watching.stop();

    expect(authorization).toBe(`Basic ${Buffer.from('reader:hunter@2').toString('base64')}`);
    expect(problems[0]).toBe(
      `the supergraph at ${listener.url}/graph?token=*** cannot be fetched (status 403)`,
    );
    await expect(source.load()).rejects.toThrow(problems[0]);
  });
});
