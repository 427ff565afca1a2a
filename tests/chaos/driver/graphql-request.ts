import { Agent, request } from 'undici';

/** A request that was not answered: nobody knows whether it took effect, and it has to be sent again. */
export class NotAnsweredError extends Error {
  override readonly name = 'NotAnsweredError';
}

/** Shorter than the patience of everything behind it, so that what is frozen is asked again while the first request still waits there. */
const patienceMs = 4_000;

const agent = new Agent({
  connections: 64,
  connectTimeout: patienceMs,
  headersTimeout: patienceMs,
  bodyTimeout: patienceMs,
});

/**
 * Sends an operation.
 * @returns its data.
 * @throws NotAnsweredError for everything else, errors of GraphQL too.
 */
export async function sendOperation<T>(
  origin: string,
  headers: Readonly<Record<string, string>>,
  query: string,
  variables: object,
): Promise<T> {
  let status: number;
  let text: string;
  try {
    const response = await request(`${origin}/graphql`, {
      method: 'POST',
      dispatcher: agent,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query, variables }),
    });
    status = response.statusCode;
    text = await response.body.text();
  } catch (error) {
    throw new NotAnsweredError(error instanceof Error ? error.message : String(error), { cause: error });
  }
  if (status !== 200) throw new NotAnsweredError(`${status}: ${text.slice(0, 300)}`);
  const { data, errors } = JSON.parse(text) as { data?: T | null; errors?: readonly unknown[] };
  if (data == null || errors !== undefined) throw new NotAnsweredError(text.slice(0, 300));
  return data;
}

/** Lets go of the connections. */
export function closeConnections(): Promise<void> {
  return agent.close();
}
