import { randomUUID } from 'node:crypto';
import type { Caller } from './orders-service.ts';

export interface OrderAnswer {
  readonly id: string;
  readonly status: string;
  readonly rejectionReason: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly customer: { readonly id: string };
  readonly total: { readonly amount: number; readonly currency: string };
  readonly items: readonly {
    readonly name: string;
    readonly quantity: number;
    readonly product: { readonly id: string };
  }[];
  readonly timeline: readonly {
    readonly sequence: number;
    readonly status: string;
    readonly reason: string | null;
    readonly occurredAt: string;
  }[];
}

export interface Payload {
  readonly order: OrderAnswer | null;
  readonly userErrors: readonly {
    readonly code: string;
    readonly message: string;
    readonly field: readonly string[] | null;
  }[];
}

export interface Line {
  readonly productId: string;
  readonly quantity: number;
}

const orderFields = `
  id status rejectionReason createdAt updatedAt
  customer { id }
  total { amount currency }
  items { name quantity unitPrice { amount currency } total { amount currency } product { __typename id } }
  timeline { sequence status reason occurredAt }
`;
const payloadFields = `{ order { ${orderFields} } userErrors { code message field } }`;

export const placeOrderMutation = `mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) ${payloadFields} }`;
const cancelOrderMutation = `mutation ($id: ID!) { cancelOrder(id: $id) ${payloadFields} }`;

/** Asks to place an order. @throws on an answer with top-level errors. */
export async function placeOrder(
  caller: Caller,
  lines: readonly Line[],
  idempotencyKey: string = randomUUID(),
): Promise<Payload> {
  const answer = await caller.query<{ placeOrder: Payload }>(placeOrderMutation, {
    input: { idempotencyKey, lines },
  });
  if (answer.data == null) throw new Error(JSON.stringify(answer.errors));
  return answer.data.placeOrder;
}

/** Places an order that has to succeed. */
export async function placedOrder(caller: Caller, productId: string, quantity = 1): Promise<OrderAnswer> {
  const { order, userErrors } = await placeOrder(caller, [{ productId, quantity }]);
  if (order === null) throw new Error(JSON.stringify(userErrors));
  return order;
}

/** Asks to cancel an order. @throws on an answer with top-level errors. */
export async function cancelOrder(caller: Caller, id: string): Promise<Payload> {
  const answer = await caller.query<{ cancelOrder: Payload }>(cancelOrderMutation, { id });
  if (answer.data == null) throw new Error(JSON.stringify(answer.errors));
  return answer.data.cancelOrder;
}

/** Looks an order up. */
export async function orderById(caller: Caller, id: string): Promise<OrderAnswer | null> {
  const answer = await caller.query<{ order: OrderAnswer | null }>(
    `query ($id: ID!) { order(id: $id) { ${orderFields} } }`,
    { id },
  );
  if (answer.data == null) throw new Error(JSON.stringify(answer.errors));
  return answer.data.order;
}

/** The caller's latest orders, newest first. */
export async function ordersOf(caller: Caller): Promise<readonly OrderAnswer[]> {
  const answer = await caller.query<{ orders: { nodes: OrderAnswer[] } }>(
    `{ orders(first: 100) { nodes { ${orderFields} } } }`,
  );
  if (answer.data == null) throw new Error(JSON.stringify(answer.errors));
  return answer.data.orders.nodes;
}
