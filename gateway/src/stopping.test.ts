import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { startLibrary, type RunningLibrary } from './testing/start-library.ts';

const kept = new Agent({ keepAlive: true, maxSockets: 1 });
afterAll(() => kept.destroy());

async function readiness({
  gateway,
}: RunningLibrary): Promise<{ status: number | undefined; body: unknown }> {
  const sent = request(`${gateway.url}/health/ready`, { agent: kept });
  sent.end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return { status: response.statusCode, body: JSON.parse(text) };
}

describe('a gateway that is stopped', () => {
  it('is not ready from that moment on, and finishes what it has in hand', async () => {
    const library = await startLibrary();
    expect(await readiness(library)).toMatchObject({ status: 200 });
    let release = (): void => undefined;
    const asked = new Promise<void>((resolve) => {
      library.subgraphs['people']!.misbehave((_request, _response, next) => {
        release = next;
        resolve();
      });
    });
    const answer = fetch(`${library.gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ people { name } }' }),
    });
    await asked;

    const stopped = library.stop();

    expect(await readiness(library)).toEqual({
      status: 503,
      body: { status: 'down', checks: { process: { status: 'down', detail: 'is stopping' } } },
    });
    release();
    expect(await (await answer).json()).toMatchObject({ data: { people: [{ name: 'Ada' }, {}, {}] } });
    await stopped;
  });
});
