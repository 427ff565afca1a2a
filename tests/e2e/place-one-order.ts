import { randomUUID } from 'node:crypto';
import {
  BrowseProductsDocument,
  createTrellisClient,
  PlaceOrderDocument,
  RegisterDocument,
  type PlaceOrderMutation,
} from '@trellis/client';
import { print } from 'graphql';

/**
 * Registers Grace Hopper, who orders one of the first product that is to be had.
 * @param headers sent with the request that places the order.
 */
export async function placeOneOrder(
  gatewayUrl: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly accessToken: string; readonly orderId: string }> {
  const url = `${gatewayUrl}/graphql`;
  const client = createTrellisClient({ url });
  try {
    const { register } = await client.request(RegisterDocument, {
      input: { email: `${randomUUID()}@trellis.example`, name: 'Grace Hopper', password: randomUUID() },
    });
    const { accessToken } = register.session!;
    const { products } = await client.request(BrowseProductsDocument, {
      filter: { available: true },
      first: 1,
    });
    const lines = [{ productId: products.nodes[0]!.id, quantity: 1 }];
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${accessToken}`, ...headers },
      body: JSON.stringify({
        query: print(PlaceOrderDocument),
        variables: { input: { idempotencyKey: randomUUID(), lines } },
      }),
    });
    const { data } = (await answer.json()) as { data: PlaceOrderMutation };
    return { accessToken, orderId: data.placeOrder.order!.id };
  } finally {
    await client.stop();
  }
}
