import { request } from 'node:http';
import { resolve } from 'node:path';
import type { KeptLetter, LetterKey } from '@trellis/outbox';
import { controlPath } from './control-path.ts';
import type { DatabaseName } from './control-server.ts';
import type { ListedLetter } from './dead-letters.ts';
import type { Row } from './read-only-sql.ts';

/** No platform answers on the directory. */
export class NothingRunsError extends Error {
  override readonly name = 'NothingRunsError';
}

/** The platform answered, and would not do it: the message says why. */
export class ControlRefusedError extends Error {
  override readonly name = 'ControlRefusedError';
}

/** A running platform, as its owner's tools see it. */
export interface Control {
  /**
   * Runs one statement that reads, in one snapshot.
   * @returns its rows as JSON carries them: times and large numbers are text.
   * @throws ControlRefusedError when the statement fails or has more than 50,000 rows.
   */
  query(database: DatabaseName, text: string): Promise<readonly Row[]>;
  /** What a service gave up, the oldest first. @param options.eventIds only these; without it, all. */
  listDeadLetters(
    database: DatabaseName,
    options: { readonly limit: number; readonly eventIds?: readonly string[] | undefined },
  ): Promise<KeptLetter[]>;
  /** Gives dead letters to their consumer again, exactly once. @returns those that were there. */
  replayDeadLetters(database: DatabaseName, keys: readonly LetterKey[]): Promise<LetterKey[]>;
  /** Forgets dead letters for good. @returns those that were there. */
  dropDeadLetters(database: DatabaseName, keys: readonly LetterKey[]): Promise<LetterKey[]>;
}

/**
 * Reaches the platform that runs on a data directory (`npm start`). There is nothing to close: each call is a connection of its own.
 * @throws NothingRunsError when nothing runs on it; ControlUnsupportedError where there can be no control socket.
 */
export async function openControl(directory: string): Promise<Control> {
  const path = controlPath(directory);

  async function call(method: string, url: string, body = ''): Promise<unknown> {
    try {
      return await exchange(path, method, url, body);
    } catch (error) {
      // ECONNREFUSED: the socket of a process that was killed.
      if (!['ENOENT', 'ECONNREFUSED', 'ENOTSOCK'].includes((error as NodeJS.ErrnoException).code ?? ''))
        throw error;
      throw new NothingRunsError(`nothing runs on ${resolve(directory)}`, { cause: error });
    }
  }

  const workOn = (database: DatabaseName, step: string, work: object): Promise<unknown> =>
    call('POST', `/${database}/dead-letters/${step}`, JSON.stringify(work));

  await call('GET', '/');
  return {
    async listDeadLetters(database, options) {
      const listed = (await workOn(database, 'list', options)) as readonly ListedLetter[];
      return listed.map((letter) => ({ ...letter, createdAt: new Date(letter.createdAt) }));
    },
    replayDeadLetters: async (database, keys) => (await workOn(database, 'replay', { keys })) as LetterKey[],
    dropDeadLetters: async (database, keys) => (await workOn(database, 'drop', { keys })) as LetterKey[],
    query: async (database, text) => (await call('POST', `/${database}/query`, text)) as readonly Row[],
  };
}

/** One request and its answer. */
function exchange(socketPath: string, method: string, path: string, body: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, method, path, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        try {
          const value: unknown = JSON.parse(text);
          if (response.statusCode === 200) return resolve(value);
          reject(new ControlRefusedError((value as { readonly message: string }).message));
        } catch {
          reject(new ControlRefusedError(`status ${response.statusCode}: ${text.slice(0, 200)}`));
        }
      });
    });
    asked.on('error', reject);
    asked.end(body);
  });
}
