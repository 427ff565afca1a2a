import type { Identity } from '@trellis/auth';
import { createHash } from 'node:crypto';
import type { Acknowledged } from '../invariants.ts';
import type { Saga, SagaService } from './saga.ts';

/** Customers who order and cancel, remember what they were told, and send again what was not answered. */
export interface Customers {
  /** Waits until orders has heard of the products. */
  open(): Promise<void>;
  /** Sends an order. @returns its id; nothing when it was not answered. */
  place(): Promise<string | undefined>;
  /** Takes the order back that was answered last and still stands. */
  cancel(): Promise<void>;
  /** Sends again, with the same keys, what was not answered. @throws at the first that is not answered again; it is kept for the next time. */
  sendAgain(): Promise<void>;
  /** How many mutations were answered. */
  answered(): number;
  /** All that was answered. */
  acknowledged(): Acknowledged;
}

interface Placing {
  readonly customer: Identity & { readonly kind: 'user' };
  readonly idempotencyKey: string;
  readonly lines: readonly { readonly productId: string; readonly quantity: number }[];
}

interface Payload {
  readonly order: { readonly id: string; readonly status: string } | null;
  readonly userErrors: readonly { readonly code: string }[];
}

const placeOrder = `mutation ($input: PlaceOrderInput!) {
  answer: placeOrder(input: $input) { order { id status } userErrors { code } }
}`;
const cancelOrder = `mutation ($id: ID!) {
  answer: cancelOrder(id: $id) { order { id status } userErrors { code } }
}`;

/** Nobody answered, or not to the end: what was asked for may have happened. */
class NotAnsweredError extends Error {
  override readonly name = 'NotAnsweredError';
}

/** @param seed gives the customers their ids and wishes: the same ones for the same seed. */
export function createCustomers(saga: Saga, seed: string): Customers {
  const random = createRandom(seed);
  const customers = Array.from({ length: 4 }, (_each, index) => ({
    kind: 'user' as const,
    userId: uuidOf(`${seed} customer ${index}`),
    roles: ['CUSTOMER'],
  }));
  let productIds: readonly string[] = [];
  let placings = 0;
  const orders: Acknowledged['orders'][number][] = [];
  const customerOf = new Map<string, Placing['customer']>();
  const cancellations: string[] = [];
  const unansweredPlacings: Placing[] = [];
  const unansweredCancellations: string[] = [];

  async function ask(service: SagaService, as: Identity, query: string, variables: object): Promise<unknown> {
    try {
      const response = await fetch(saga.url(service), {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          // Of their own: a connection that is kept would be one that died with the last process.
          connection: 'close',
          ...saga.identityHeaders(service, as),
        },
        body: JSON.stringify({ query, variables }),
      });
      const { data, errors } = (await response.json()) as { data?: unknown; errors?: unknown };
      if (errors !== undefined) throw new NotAnsweredError(JSON.stringify(errors));
      return data;
    } catch (error) {
      throw error instanceof NotAnsweredError ? error : new NotAnsweredError(String(error), { cause: error });
    }
  }

  async function mutate(as: Identity, query: string, variables: object): Promise<Payload> {
    return ((await ask('orders', as, query, variables)) as { answer: Payload }).answer;
  }

  async function send(placing: Placing): Promise<string | undefined> {
    const { customer, idempotencyKey, lines } = placing;
    const { order, userErrors } = await mutate(customer, placeOrder, { input: { idempotencyKey, lines } });
    if (order === null) throw new Error(`an order was refused: ${JSON.stringify(userErrors)}`);
    orders.push({ id: order.id, customerId: customer.userId, idempotencyKey });
    customerOf.set(order.id, customer);
    return order.id;
  }

  async function sendCancellation(id: string): Promise<void> {
    const { order, userErrors } = await mutate(customerOf.get(id)!, cancelOrder, { id });
    if (order !== null) cancellations.push(id);
    else if (userErrors.some(({ code }) => code !== 'NOT_CANCELLABLE')) {
      throw new Error(`a cancellation was refused: ${JSON.stringify(userErrors)}`);
    }
  }

  function nextPlacing(): Placing {
    placings += 1;
    const first = random(productIds.length);
    const lines = [{ productId: productIds[first]!, quantity: 1 + random(2) }];
    if (random(2) === 0) lines.push({ productId: productIds[(first + 1) % productIds.length]!, quantity: 1 });
    return { customer: customers[random(customers.length)]!, idempotencyKey: `${seed} ${placings}`, lines };
  }

  return {
    async open() {
      const query = '{ products(first: 6, filter: { available: true }) { nodes { id } } }';
      const as = customers[0]!;
      const { products } = (await ask('products', as, query, {})) as {
        products: { nodes: readonly { id: string }[] };
      };
      productIds = products.nodes.map(({ id }) => id);
    },
    async place() {
      const placing = nextPlacing();
      try {
        return await send(placing);
      } catch (error) {
        if (!(error instanceof NotAnsweredError)) throw error;
        unansweredPlacings.push(placing);
        return undefined;
      }
    },
    async cancel() {
      const known = new Set([...cancellations, ...unansweredCancellations]);
      const id = orders.findLast((order) => !known.has(order.id))?.id;
      if (id === undefined) return;
      try {
        await sendCancellation(id);
      } catch (error) {
        if (!(error instanceof NotAnsweredError)) throw error;
        unansweredCancellations.push(id);
      }
    },
    async sendAgain() {
      for (let placing; (placing = unansweredPlacings[0]) !== undefined; unansweredPlacings.shift()) {
        await send(placing);
      }
      for (let id; (id = unansweredCancellations[0]) !== undefined; unansweredCancellations.shift()) {
        await sendCancellation(id);
      }
    },
    answered: () => orders.length + cancellations.length,
    acknowledged: () => ({ orders, cancellations, stockChanges: [] }),
  };
}

/** Whole numbers below a bound, the same ones for the same seed (mulberry32). */
export function createRandom(seed: string): (bound: number) => number {
  let state = createHash('sha256').update(seed).digest().readUInt32LE();
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
  };
}

function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
