import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { CountedGenerations } from '../testing/count-generations.ts';

it('forgets a supergraph that was replaced when its last request is answered and its last subscription over', async () => {
  const script = new URL('../testing/count-generations.ts', import.meta.url);
  const child = fork(script, { execArgv: ['--conditions=@trellis/source', '--import', 'tsx'] });
  const ended = once(child, 'exit');

  const [message] = (await Promise.race([once(child, 'message'), ended])) as [CountedGenerations];

  // A subscription goes on with the supergraph that it began with.
  expect(message).toEqual({ afterSwaps: 1, whileSubscribed: 2, afterSubscription: 1 });
  expect(await ended).toEqual([0, null]);
}, 120_000);
