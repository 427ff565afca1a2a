import { randomUUID } from 'node:crypto';
import type { Identity } from '@trellis/auth';
import { NotAnsweredError, sendOperation } from './graphql-request.ts';
import { pause } from './part.ts';
import type { Target } from './target.ts';

/** How a mutation was answered for good. */
export type Answer =
  | { readonly kind: 'done'; readonly id: string }
  | { readonly kind: 'refused'; readonly codes: readonly string[] };

/** Someone who orders: known to the gateway by an access token, or to the subgraph by the word of the gateway. */
export interface Customer {
  readonly id: string;
  readonly accessToken?: string;
}

/** The mutations of an installation, each sent until it is answered. */
export interface Shop {
  /** Opens an account at the gateway. */
  register(): Promise<Customer>;
  createProduct(initialStock: number): Promise<string>;
  place(customer: Customer, idempotencyKey: string, lines: readonly OrderLine[]): Promise<Answer>;
  cancel(customer: Customer, orderId: string): Promise<Answer>;
  /** @param reason makes one for each attempt: a change of stock has no idempotency key, and each attempt may take effect. */
  adjust(
    productId: string,
    change: number,
    reason: (attempt: number) => string,
  ): Promise<Answer & { readonly reason: string }>;
  /** Whether an order waits for its stock. */
  hasPendingOrders(): Promise<boolean>;
}

export interface OrderLine {
  readonly productId: string;
  readonly quantity: number;
}

interface Payload {
  readonly order?: { readonly id: string } | null;
  readonly product?: { readonly id: string } | null;
  readonly userErrors: readonly { readonly code: string }[];
}

const administrator: Identity = { kind: 'user', userId: randomUUID(), roles: ['ADMIN'] };

const placeOrder = `mutation Place($input: PlaceOrderInput!) {
  placeOrder(input: $input) { order { id } userErrors { code } }
}`;
const cancelOrder = `mutation Cancel($id: ID!) { cancelOrder(id: $id) { order { id } userErrors { code } } }`;
const adjustStock = `mutation Adjust($input: AdjustStockInput!) {
  adjustStock(input: $input) { product { id } userErrors { code } }
}`;
const createProduct = `mutation Create($input: CreateProductInput!) {
  createProduct(input: $input) { product { id } userErrors { code } }
}`;
const register = `mutation Register($input: RegisterInput!) {
  register(input: $input) { session { accessToken } user { id } }
}`;
const pendingOrders = `query Pending { orders(status: PENDING, first: 1) { nodes { id } } }`;

/** Everything is healed long before. */
const patienceMs = 180_000;
const pauseMs = 100;

/** Makes the mutations of an installation. */
export function openShop(target: Target): Shop {
  const { urls } = target;

  async function ask<T>(customer: Customer, query: string, variables: object): Promise<T> {
    const { id: userId, accessToken } = customer;
    return accessToken === undefined
      ? askSubgraph('orders', { kind: 'user', userId, roles: ['CUSTOMER'] }, query, variables)
      : sendOperation(urls.gateway, { authorization: `Bearer ${accessToken}` }, query, variables);
  }

  const askSubgraph = <T>(subgraph: 'orders' | 'products', as: Identity, query: string, variables: object) =>
    sendOperation<T>(urls[subgraph], target.identityHeaders(as, subgraph), query, variables);

  return {
    async register() {
      const input = { email: `${randomUUID()}@trellis.example`, name: 'Chaos', password: randomUUID() };
      return untilAnswered('register', async () => {
        const { register: answer } = await sendOperation<{
          register: { session: { accessToken: string }; user: { id: string } };
        }>(urls.gateway, {}, register, { input });
        return { id: answer.user.id, accessToken: answer.session.accessToken };
      });
    },
    async createProduct(initialStock) {
      const input = {
        sku: `CHAOS-${randomUUID().toUpperCase()}`.slice(0, 40),
        name: 'Much wanted',
        description: '',
        category: 'chaos',
        price: { amount: 1_000, currency: 'USD' },
        initialStock,
      };
      const { createProduct: answer } = await askSubgraph<{ createProduct: Payload }>(
        'products',
        administrator,
        createProduct,
        { input },
      );
      return answer.product!.id;
    },
    place: (customer, idempotencyKey, lines) =>
      untilAnswered('placeOrder', async () => {
        const input = { idempotencyKey, lines };
        return answerOf((await ask<{ placeOrder: Payload }>(customer, placeOrder, { input })).placeOrder);
      }),
    cancel: (customer, id) =>
      untilAnswered('cancelOrder', async () =>
        answerOf((await ask<{ cancelOrder: Payload }>(customer, cancelOrder, { id })).cancelOrder),
      ),
    adjust: (productId, change, reasonOf) =>
      untilAnswered('adjustStock', async (attempt) => {
        const reason = reasonOf(attempt);
        const { adjustStock: answer } = await askSubgraph<{ adjustStock: Payload }>(
          'products',
          administrator,
          adjustStock,
          { input: { productId, change, reason } },
        );
        return { ...answerOf(answer), reason };
      }),
    async hasPendingOrders() {
      const { orders } = await askSubgraph<{ orders: { nodes: readonly unknown[] } }>(
        'orders',
        administrator,
        pendingOrders,
        {},
      );
      return orders.nodes.length > 0;
    },
  };
}

function answerOf({ order, product, userErrors }: Payload): Answer {
  const id = (order ?? product)?.id;
  return id === undefined
    ? { kind: 'refused', codes: userErrors.map(({ code }) => code) }
    : { kind: 'done', id };
}

/** Sends a request again and again, until it is answered. @throws when it is not, long after everything was healed. */
async function untilAnswered<T>(what: string, send: (attempt: number) => Promise<T>): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await send(attempt);
    } catch (error) {
      if (!(error instanceof NotAnsweredError)) throw error;
      if (Date.now() > deadline)
        throw new Error(`${what} had no answer after ${attempt} attempts: ${error.message}`, {
          cause: error,
        });
      await pause(pauseMs);
    }
  }
}
