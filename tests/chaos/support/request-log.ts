import { Agent, request } from 'node:http';

/** What became of requests. */
export interface RequestCounts {
  /** A whole answer came, whatever it says. */
  answered: number;
  /** The connection was refused, and nothing was sent. */
  refused: number;
  /** Why requests that were sent, or may have been, got no answer. */
  readonly dropped: string[];
}

/** Somebody who sends one request after the other on a connection that is kept. */
export interface PersistentClient {
  /** Sends requests until one is not answered, and counts what became of them. */
  sendUntilUnanswered(
    makeRequest: () => {
      readonly url: string;
      readonly headers: Record<string, string>;
      readonly body: string;
    },
  ): Promise<void>;
  stop(): void;
}

export function createPersistentClient(
  counts: RequestCounts,
  heard: (body: string) => void,
): PersistentClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });

  function send(url: string, headers: Record<string, string>, body: string): Promise<boolean> {
    return new Promise((resolve) => {
      const outgoing = request(
        url,
        { method: 'POST', agent, headers: { 'content-type': 'application/json', ...headers } },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => {
            counts.answered += 1;
            heard(Buffer.concat(chunks).toString());
            resolve(true);
          });
          response.on('error', fail);
        },
      );
      const fail = (error: NodeJS.ErrnoException): void => {
        // Refused while connecting: not a byte has left.
        if (error.code === 'ECONNREFUSED') counts.refused += 1;
        else
          counts.dropped.push(
            `${error.code ?? error.message}${outgoing.reusedSocket ? ', on a kept connection' : ''}`,
          );
        resolve(false);
      };
      outgoing.on('error', fail);
      outgoing.end(body);
    });
  }

  return {
    async sendUntilUnanswered(makeRequest) {
      for (let goesOn = true; goesOn;) {
        const { url, headers, body } = makeRequest();
        goesOn = await send(url, headers, body);
      }
    },
    stop: () => agent.destroy(),
  };
}
