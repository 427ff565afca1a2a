/** The hand-written proxy: `ANSWERS=module PORT=4000 node proxy-server.mjs`. Bare `http` in, an undici pool to each origin out. */
import { createServer } from 'node:http';
import { Pool } from 'undici';

type Post = (url: string, body: string) => Promise<unknown>;

const { answers } = (await import(process.env['ANSWERS'] ?? '')) as {
  answers: Readonly<Record<string, (post: Post) => Promise<string>>>;
};
const targets = new Map<string, { readonly pool: Pool; readonly path: string }>();
const headers = { 'content-type': 'application/json' };

const post: Post = async (url, body) => {
  const { pool, path } = targetOf(url);
  const response = await pool.request({ method: 'POST', path, headers, body });
  return response.body.json();
};

createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    answer(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)).then(
      (body) => {
        response.writeHead(200, {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
        });
        response.end(body);
      },
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
}).listen(Number(process.env['PORT'] ?? 4000), '127.0.0.1');

async function answer(body: Buffer): Promise<string> {
  const { query } = JSON.parse(body.toString()) as { query: string };
  const run = answers[query];
  return run === undefined ? '{"data":{"__typename":"Query"}}' : run(post);
}

function targetOf(url: string): { readonly pool: Pool; readonly path: string } {
  let target = targets.get(url);
  if (target === undefined) {
    const { origin, pathname } = new URL(url);
    const pool = [...targets].find(([known]) => new URL(known).origin === origin)?.[1].pool;
    target = { pool: pool ?? new Pool(origin), path: pathname };
    targets.set(url, target);
  }
  return target;
}
