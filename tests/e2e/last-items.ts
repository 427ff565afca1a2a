import { randomUUID } from 'node:crypto';
import {
  AdjustStockDocument,
  createTrellisClient,
  CreateProductDocument,
  GraphQLRequestError,
  LoginDocument,
  OrderByIdDocument,
  PlaceOrderDocument,
  ProductByIdDocument,
  RegisterDocument,
  type OrderStatus,
  type TrellisClient,
} from '@trellis/client';
import { waitFor } from '../support/wait-for.ts';

/** How the race came out. */
export interface RaceResult {
  /** How many orders ended in each status. */
  readonly orders: Partial<Record<OrderStatus, number>>;
  readonly stock: { readonly onHand: number; readonly reserved: number; readonly available: number };
}

/** Lets customers order one unit each of a product that has fewer, all at once, through the gateway. */
export async function raceForLastItems(options: {
  readonly gatewayUrl: string;
  readonly admin: { readonly email: string; readonly password: string };
  readonly customers: number;
  readonly units: number;
}): Promise<RaceResult> {
  const clients: TrellisClient[] = [];
  const clientFor = (token?: string): TrellisClient => {
    const client = createTrellisClient({ url: `${options.gatewayUrl}/graphql`, token: () => token });
    clients.push(client);
    return client;
  };
  try {
    const anonymous = clientFor();
    const { login } = await anonymous.request(LoginDocument, { input: options.admin });
    const admin = clientFor(login.session?.accessToken);
    const productId = await addProduct(admin, options.units);
    const customers = await Promise.all(
      Array.from({ length: options.customers }, async () => {
        const { register } = await anonymous.request(RegisterDocument, {
          input: { email: `${randomUUID()}@trellis.example`, name: 'Racer', password: randomUUID() },
        });
        return clientFor(register.session?.accessToken);
      }),
    );
    // Until orders has heard of the product, there is nothing to race for.
    await waitFor(
      'orders to know the product',
      async () => (await place(customers[0]!, productId, 1_000)) !== undefined,
    );

    const orders = await Promise.all(
      customers.map(async (client) => ({ client, id: await placeUntilAnswered(client, productId) })),
    );
    const statuses = await Promise.all(
      orders.map(({ client, id }) =>
        waitFor(
          `order ${id} to be settled`,
          async () => {
            const { order } = await client.request(OrderByIdDocument, { id });
            return order?.status === 'PENDING' ? undefined : order?.status;
          },
          60_000,
        ),
      ),
    );
    const { product } = await admin.request(ProductByIdDocument, { id: productId });
    const { onHand, reserved, available } = product!.stock;
    return { orders: countOf(statuses), stock: { onHand, reserved, available } };
  } finally {
    await Promise.all(clients.map((client) => client.stop()));
  }
}

async function addProduct(admin: TrellisClient, units: number): Promise<string> {
  const { createProduct } = await admin.request(CreateProductDocument, {
    input: {
      sku: `RACE-${randomUUID().slice(0, 8).toUpperCase()}`,
      name: 'Last of its kind',
      description: 'There are only a few.',
      category: 'collectibles',
      price: { amount: 1_000, currency: 'USD' },
      initialStock: units - 1,
    },
  });
  const id = createProduct.product!.id;
  await admin.request(AdjustStockDocument, { input: { productId: id, change: 1, reason: 'found one more' } });
  return id;
}

async function place(
  client: TrellisClient,
  productId: string,
  quantity: number,
  idempotencyKey: string = randomUUID(),
): Promise<string | undefined> {
  const { placeOrder } = await client.request(PlaceOrderDocument, {
    input: { idempotencyKey, lines: [{ productId, quantity }] },
  });
  return placeOrder.order?.id;
}

/** As a client should where a hundred others want the same: who got no answer in time sends the same order again. */
async function placeUntilAnswered(client: TrellisClient, productId: string): Promise<string> {
  const idempotencyKey = randomUUID();
  for (;;) {
    try {
      return (await place(client, productId, 1, idempotencyKey))!;
    } catch (error) {
      const isLate = error instanceof GraphQLRequestError && error.codes.includes('SUBREQUEST_TIMEOUT');
      if (!isLate) throw error;
    }
  }
}

function countOf(statuses: readonly OrderStatus[]): RaceResult['orders'] {
  const counts: Partial<Record<OrderStatus, number>> = {};
  for (const status of statuses) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}
