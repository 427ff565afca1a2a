import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import type { Dispatcher } from 'undici';
import { createAborting } from '../aborting.ts';
import { waitUntil } from '../testing/wait-until.ts';
import { exchangeJson, type JsonPost } from './json-exchange.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** A connection that is as old as the process, and knows the last exchange that it carried. */
class KeptConnection {
  carried: Dispatcher.DispatchHandler | undefined;

  readonly dispatcher = {
    dispatch: (_options: unknown, handler: Dispatcher.DispatchHandler) => {
      this.carried = handler;
      handler.onRequestStart?.(controller, {});
      return true;
    },
  } as unknown as Dispatcher;

  answer(body: Buffer): void {
    const { carried } = this;
    carried?.onResponseStart?.(controller, 200, { 'content-type': 'application/json' }, 'OK');
    carried?.onResponseData?.(controller, body);
    carried?.onResponseEnd?.(controller, {});
  }
}

const controller = { abort: () => undefined } as unknown as Dispatcher.DispatchController;

describe('an exchange that has ended', () => {
  it('holds neither the request nor the answer, though the connection still knows the exchange', async () => {
    const connection = new KeptConnection();
    const held = await askOnce(connection);

    await waitUntil(() => {
      collectGarbage();
      return held.every((reference) => reference.deref() === undefined);
    });
    expect(connection.carried).toBeDefined();
  });

  it('holds nothing of a request that was given up', async () => {
    const connection = new KeptConnection();
    const held = await giveUp(connection);

    await waitUntil(() => {
      collectGarbage();
      return held.deref() === undefined;
    });
    expect(connection.carried).toBeDefined();
  });
});

/** In a function of its own, whose variables are gone when it has returned. */
async function askOnce(connection: KeptConnection): Promise<WeakRef<object>[]> {
  const request = post();
  const body = Buffer.from('{"data":{"a":1}}');
  const answer = exchangeJson(connection.dispatcher, request, (reply) => reply.body.toString());
  connection.answer(body);
  expect(await answer).toBe('{"data":{"a":1}}');
  return [new WeakRef(request), new WeakRef(body)];
}

async function giveUp(connection: KeptConnection): Promise<WeakRef<object>> {
  const { signal, abort } = createAborting();
  const request = { ...post(), signal };
  const answer = exchangeJson(connection.dispatcher, request, (reply) => reply.body);
  abort(new Error('the client has left'));
  await expect(answer).rejects.toThrow('the client has left');
  return new WeakRef(request);
}

function post(): JsonPost {
  return {
    origin: 'http://127.0.0.1:1',
    path: '/graphql',
    headers: ['content-type', 'application/json'],
    body: '{}',
    signal: createAborting().signal,
    deadlineMs: 60_000,
    timeoutCode: 'SUBREQUEST_TIMEOUT',
    maxBytes: 1_000,
  };
}
