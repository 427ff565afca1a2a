import { randomUUID } from 'node:crypto';
import {
  BrowseProductsDocument,
  CancelOrderDocument,
  createTrellisClient,
  PlaceOrderDocument,
  RegisterDocument,
  type TrellisClient,
} from '@trellis/client';
import { waitFor } from '../../support/wait-for.ts';
import { findViolations, type Acknowledged, type Reading, type Violation } from '../invariants.ts';

/** A customer at a gateway, who remembers what was acknowledged. */
export interface Shopper {
  readonly customerId: string;
  readonly accessToken: string;
  readonly client: TrellisClient;
  /** Sends an order, once. @returns its id. @throws when there is no answer, or one with errors. */
  place(productId: string, idempotencyKey?: string, quantity?: number): Promise<string>;
  /** Sends an order with one key until it is answered. */
  placeUntilAnswered(productId: string, idempotencyKey?: string, quantity?: number): Promise<string>;
  /** Takes an order back, asking until it is answered. @returns whether it was cancelled. */
  cancelUntilAnswered(orderId: string): Promise<boolean>;
}

/** The customers of a suite. */
export interface Shoppers {
  /** Opens an account. @param url the gateway's origin. */
  register(url: string): Promise<Shopper>;
  /** The id of the product of which there is most, once orders takes orders for it. */
  aProduct(shopper: Shopper): Promise<string>;
  acknowledged(): Acknowledged;
  stop(): Promise<void>;
}

/** Longer than any fault of a suite lasts. */
const patienceMs = 30_000;

export function createShoppers(): Shoppers {
  const clients: TrellisClient[] = [];
  const orders: Acknowledged['orders'][number][] = [];
  const cancellations: string[] = [];

  async function register(url: string): Promise<Shopper> {
    let token: string | undefined;
    const client = createTrellisClient({ url: `${url}/graphql`, token: () => token, timeoutMs: 20_000 });
    clients.push(client);
    const input = { email: `${randomUUID()}@trellis.example`, name: 'Grace Hopper', password: randomUUID() };
    const opened = (await client.request(RegisterDocument, { input })).register;
    const accessToken = (token = opened.session!.accessToken);
    const customerId = opened.user!.id;

    async function place(productId: string, idempotencyKey: string = randomUUID(), quantity = 1) {
      const lines = [{ productId, quantity }];
      const { placeOrder } = await client.request(PlaceOrderDocument, { input: { idempotencyKey, lines } });
      if (placeOrder.order == null) throw new Error(JSON.stringify(placeOrder.userErrors));
      const { id } = placeOrder.order;
      orders.push({ id, customerId, idempotencyKey });
      return id;
    }

    return {
      customerId,
      accessToken,
      client,
      place,
      placeUntilAnswered: (productId, idempotencyKey = randomUUID(), quantity) =>
        waitFor('an order to be taken', () => place(productId, idempotencyKey, quantity), patienceMs),
      async cancelUntilAnswered(id) {
        const { cancelOrder } = await waitFor(
          'a cancellation to be answered',
          () => client.request(CancelOrderDocument, { id }),
          patienceMs,
        );
        if (cancelOrder.order != null) cancellations.push(id);
        return cancelOrder.order != null;
      },
    };
  }

  return {
    register,
    async aProduct(shopper) {
      const variables = { filter: { available: true }, first: 50 };
      const { products } = await shopper.client.request(BrowseProductsDocument, variables);
      const byStock = products.nodes.toSorted((a, b) => b.stock.available - a.stock.available);
      const { id } = byStock[0]!;
      await shopper.placeUntilAnswered(id);
      return id;
    },
    acknowledged: () => ({ orders, cancellations, stockChanges: [] }),
    async stop() {
      await Promise.all(clients.map((client) => client.stop()));
    },
  };
}

/** Waits until nothing is under way and every invariant holds. @throws with those that do not. */
export async function expectNothingLost(reading: Reading, acknowledged: Acknowledged): Promise<void> {
  let violations: readonly Violation[] = [];
  await waitFor(
    'every invariant to hold',
    async () => {
      violations = await findViolations(reading, { quiescent: true, acknowledged });
      return violations.length === 0;
    },
    30_000,
  ).catch((error: unknown) => {
    throw new Error(`violations: ${JSON.stringify(violations, undefined, 2)}`, { cause: error });
  });
}
