import type { IncomingMessage, ServerResponse } from 'node:http';
import { StatementFailedError, type Database } from '@trellis/database';
import type { Logger, Stoppable } from '@trellis/lifecycle';
import { controlPath, ControlUnsupportedError } from './control-path.ts';
import { MalformedRequestError, workOnDeadLetters } from './dead-letters.ts';
import { listenOnSocket } from './control-socket.ts';
import { readRows, TooManyRowsError } from './read-only-sql.ts';

/** The databases of the platform, by the service that owns them. */
export const databaseNames = ['users', 'products', 'orders'] as const;

export type DatabaseName = (typeof databaseNames)[number];

export interface ControlOptions {
  /** The data directory of the platform. */
  readonly directory: string;
  readonly databases: Readonly<Record<DatabaseName, Database>>;
  readonly logger: Logger;
}

/** What went wrong, as the client is told. */
interface Refusal {
  readonly status: number;
  readonly message: string;
}

/** What an operator's tool may send at once. */
const maxBodyBytes = 4 * 1024 * 1024;

/**
 * Lets tools of the same user work on a running platform, whose embedded databases no other process can open: HTTP on
 * `<data directory>/control.sock`. `POST /<database>/query` takes a statement that reads and answers its rows;
 * `POST /<database>/dead-letters/list|replay|drop` work on what was given up (see `dead-letters.ts`).
 *
 * Where there can be no socket, the platform runs without it and says so once.
 * @throws ControlTakenError when another platform answers on it.
 */
export async function startControl(options: ControlOptions): Promise<Stoppable> {
  const { directory, databases, logger } = options;
  let path: string;
  try {
    path = controlPath(directory);
  } catch (error) {
    if (!(error instanceof ControlUnsupportedError)) throw error;
    logger.warn({ reason: error.message }, 'tools cannot reach this platform while it runs');
    return { stop: async () => undefined };
  }

  async function answer(request: IncomingMessage): Promise<unknown> {
    const [, name, operation, step, ...more] = (request.url ?? '').split('/');
    if (request.method === 'GET' && request.url === '/') return { databases: databaseNames };
    if (request.method !== 'POST' || more.length > 0 || !isDatabaseName(name)) throw noSuchThing(request);
    const body = await readBody(request);
    if (operation === 'query' && step === undefined) return readRows(databases[name], body);
    if (operation === 'dead-letters' && step !== undefined) {
      const answer = await workOnDeadLetters(databases[name], step, body);
      if (answer !== undefined) return answer;
    }
    throw noSuchThing(request);
  }

  return listenOnSocket(path, (request, response) => {
    answer(request)
      .then((value) => send(response, 200, value))
      .catch((error: unknown) => {
        const refusal = asRefusal(error);
        if (refusal === undefined) logger.error({ err: error, url: request.url }, 'a control request failed');
        const { status, message } = refusal ?? { status: 500, message: String(error) };
        send(response, status, { message });
      });
  });
}

class RequestRefusedError extends Error {
  override readonly name = 'RequestRefusedError';
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

function noSuchThing({ method, url }: IncomingMessage): RequestRefusedError {
  return new RequestRefusedError(404, `the control socket has no ${method} ${url}`);
}

function isDatabaseName(name: string | undefined): name is DatabaseName {
  return databaseNames.includes(name as DatabaseName);
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // Read to its end all the same: whoever is still sending would not get the refusal.
    if (bytes <= maxBodyBytes) chunks.push(chunk);
  }
  if (bytes > maxBodyBytes) throw new RequestRefusedError(413, `more than ${maxBodyBytes} bytes at once`);
  return Buffer.concat(chunks).toString();
}

/** What is the fault of whoever asks. */
function asRefusal(error: unknown): Refusal | undefined {
  if (error instanceof RequestRefusedError) return error;
  if (error instanceof MalformedRequestError) return { status: 400, message: error.message };
  if (error instanceof TooManyRowsError) return { status: 413, message: error.message };
  if (!(error instanceof StatementFailedError)) return undefined;
  return { status: 400, message: error.message };
}

function send(response: ServerResponse, status: number, value: unknown): void {
  // First, for it may fail: rows can be more than one text can hold.
  const text = JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'bigint' ? String(item) : item,
  );
  // No waiting for a next request: what stops the platform would have to wait with it.
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
  response.end(text);
}
