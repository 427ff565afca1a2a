import { describe, expect, it } from '@jest/globals';
import { GraphQLRequestError, TransportError } from './errors.ts';
import { followOrder, type FollowOrderOptions } from './follow-order.ts';
import type { OrderProgressFragment } from './generated/graphql.ts';
import type { TrellisClient } from './trellis-client.ts';

const refusal = (code: string): Error => new GraphQLRequestError([{ message: code, extensions: { code } }]);

/** A client whose subscriptions come one after another, each with these steps and, where there is one, this failure. */
function clientWith(...subscriptions: { readonly steps: readonly number[]; readonly failure?: Error }[]) {
  const asked: unknown[] = [];
  const client = {
    async *subscribe(_document: unknown, variables: () => unknown) {
      asked.push(variables());
      const { steps, failure } = subscriptions.shift()!;
      for (const sequence of steps)
        yield { orderStatusChanged: { sequence } as unknown as OrderProgressFragment };
      if (failure !== undefined) throw failure;
    },
  } as unknown as Pick<TrellisClient, 'subscribe'>;
  return { client, asked };
}

async function stepsOf(client: Pick<TrellisClient, 'subscribe'>, options?: FollowOrderOptions) {
  const told: number[] = [];
  for await (const { sequence } of followOrder(client, 'an-order', options)) told.push(sequence);
  return told;
}

describe('following an order', () => {
  it('begins with how the order stands, unless it is told what is known', async () => {
    const { client, asked } = clientWith({ steps: [2] }, { steps: [1, 2] });

    await stepsOf(client);
    await stepsOf(client, { afterSequence: 0 });

    expect(asked).toEqual([
      { orderId: 'an-order', afterSequence: undefined },
      { orderId: 'an-order', afterSequence: 0 },
    ]);
  });

  it('goes on behind the last step where it is told to come again', async () => {
    const { client, asked } = clientWith(
      { steps: [1, 2], failure: refusal('SUBSCRIPTION_UPSTREAM_LOST') },
      { steps: [], failure: refusal('SUBREQUEST_HTTP_ERROR') },
      { steps: [3] },
    );

    expect(await stepsOf(client)).toEqual([1, 2, 3]);
    expect(asked).toMatchObject([{ afterSequence: undefined }, { afterSequence: 2 }, { afterSequence: 2 }]);
  });

  it.each([
    ['a refusal', refusal('NOT_FOUND')],
    ['the loss of the connection for good', new TransportError('gone')],
  ])('ends with %s', async (_what, failure) => {
    const { client, asked } = clientWith({ steps: [1], failure });

    await expect(stepsOf(client)).rejects.toBe(failure);
    expect(asked).toHaveLength(1);
  });

  it('gives up after as many attempts as it has', async () => {
    const failure = refusal('SERVICE_UNAVAILABLE');
    const { client, asked } = clientWith({ steps: [], failure }, { steps: [], failure });

    await expect(stepsOf(client, { attempts: 1 })).rejects.toBe(failure);
    expect(asked).toHaveLength(2);
  });

  it('ends while it waits for its next attempt', async () => {
    const { client } = clientWith({ steps: [1], failure: refusal('SERVICE_UNAVAILABLE') });
    const enough = new AbortController();

    const told = stepsOf(client, { signal: enough.signal });
    setImmediate(() => enough.abort());

    expect(await told).toEqual([1]);
  });
});
