import {
  BrowseProductsDocument,
  CancelOrderDocument,
  CheckStockDocument,
  createTrellisClient,
  followOrder,
  LoginDocument,
  MeDocument,
  OrderByIdDocument,
  PlaceOrderDocument,
  ProductByIdDocument,
  RegisterDocument,
  type OrderStatus,
  type TrellisClient,
} from '@trellis/client';

/** What happens in the story, as it happens. */
export type StoryEvent =
  | { readonly kind: 'chapter'; readonly title: string }
  | { readonly kind: 'happened'; readonly text: string }
  | { readonly kind: 'status'; readonly status: OrderStatus; readonly text: string };

/** Something in the story did not go as it must. */
class StoryError extends Error {
  override readonly name = 'StoryError';
}

export interface StoryOptions {
  /** Origin of the gateway: `http://127.0.0.1:4000`. */
  readonly gatewayUrl: string;
  readonly subscriptions?: 'websocket' | 'sse';
  readonly tell: (event: StoryEvent) => void;
}

/** How long an order may take to be settled before the story is given up. */
const patienceMs = 30_000;

/**
 * Plays the whole of the shop through its gateway: a customer registers and logs in, browses, places an order, watches it being
 * confirmed, orders more than there is and is rejected, and cancels the first order. Each step is checked.
 * @throws StoryError when a step did not happen as it must.
 */
export async function playStory({ gatewayUrl, subscriptions, tell }: StoryOptions): Promise<void> {
  let accessToken: string | undefined;
  const client = createTrellisClient({
    url: `${gatewayUrl}/graphql`,
    token: () => accessToken,
    ...(subscriptions === undefined ? {} : { subscriptions }),
  });
  const happened = (text: string): void => tell({ kind: 'happened', text });
  try {
    tell({ kind: 'chapter', title: 'A customer opens an account' });
    const account = { email: `ada.${crypto.randomUUID()}@trellis.example`, password: crypto.randomUUID() };
    const { register } = await client.request(RegisterDocument, {
      input: { ...account, name: 'Ada Lovelace' },
    });
    refuseErrors(register.userErrors);
    happened(`registered ${account.email}`);
    const { login } = await client.request(LoginDocument, { input: account });
    refuseErrors(login.userErrors);
    accessToken = required(login.session, 'a session').accessToken;
    const { me } = await client.request(MeDocument);
    happened(`logged in as ${required(me, 'the customer').name}`);

    tell({ kind: 'chapter', title: 'She looks for a keyboard and a hub' });
    const keyboard = await findProduct(client, 'Wireless Keyboard');
    const hub = await findProduct(client, 'USB-C Hub');
    for (const product of [keyboard, hub]) {
      happened(`${product.name}: ${money(product.price)}, ${product.stock.available} to be had`);
    }
    const lines = [
      { productId: keyboard.id, quantity: 1 },
      { productId: hub.id, quantity: 2 },
    ];
    const { checkStock } = await client.request(CheckStockDocument, { lines });
    expect(checkStock.sufficient, 'there is stock for her order');

    tell({ kind: 'chapter', title: 'She orders one keyboard and two hubs' });
    const order = await placeOrder(client, lines);
    expect(order.status === 'PENDING', 'a new order is PENDING');
    expect(
      order.total.amount === keyboard.price.amount + 2 * hub.price.amount,
      'the server computed the total',
    );
    happened(`order ${order.id} over ${money(order.total)}`);
    expect((await watch(client, order.id, tell)) === 'CONFIRMED', 'the order is CONFIRMED');
    const reserved = (await findProduct(client, 'Wireless Keyboard')).stock.reserved;
    expect(reserved >= keyboard.stock.reserved + 1, 'a keyboard is reserved for her');

    tell({ kind: 'chapter', title: 'She orders more hubs than there are' });
    const greedy = await placeOrder(client, [{ productId: hub.id, quantity: 1_000 }]);
    expect((await watch(client, greedy.id, tell)) === 'REJECTED', 'the order is REJECTED');

    tell({ kind: 'chapter', title: 'She takes the first order back' });
    const { cancelOrder } = await client.request(CancelOrderDocument, { id: order.id });
    refuseErrors(cancelOrder.userErrors);
    expect(cancelOrder.order?.status === 'CANCELLED', 'the order is CANCELLED');
    await until('the keyboard to be given back', async () => {
      const { product } = await client.request(ProductByIdDocument, { id: keyboard.id });
      return product !== null && product !== undefined && product.stock.reserved < reserved;
    });
    happened('her keyboard is back on the shelf');
    const { order: history } = await client.request(OrderByIdDocument, { id: order.id });
    const steps = required(history, 'the order').timeline.map(({ status }) => status);
    expect(
      steps.join(' → ') === 'PENDING → CONFIRMED → CANCELLED',
      `the timeline tells it all, not ${steps.join(' → ')}`,
    );
    happened(`timeline: ${steps.join(' → ')}`);
  } finally {
    await client.stop();
  }
}

async function findProduct(client: TrellisClient, name: string) {
  const product = await until(`the catalogue to have a ${name}`, async () => {
    const { products } = await client.request(BrowseProductsDocument, { filter: { text: name }, first: 10 });
    return products.nodes.find((candidate) => candidate.name === name);
  });
  return required(product, name);
}

/** Places an order the way a client should: the same idempotency key with every attempt. */
async function placeOrder(client: TrellisClient, lines: { productId: string; quantity: number }[]) {
  const input = { idempotencyKey: crypto.randomUUID(), lines };
  const { placeOrder: first } = await client.request(PlaceOrderDocument, { input });
  refuseErrors(first.userErrors);
  const { placeOrder: again } = await client.request(PlaceOrderDocument, { input });
  expect(again.order?.id === first.order?.id, 'the same idempotency key gives the same order');
  return required(first.order, 'the order');
}

/** Follows an order live until it is settled. */
async function watch(
  client: TrellisClient,
  orderId: string,
  tell: StoryOptions['tell'],
): Promise<OrderStatus> {
  const patience = new AbortController();
  const giveUp = setTimeout(() => patience.abort(), patienceMs);
  try {
    // From the very first step: the order may be settled before the subscription is there.
    for await (const order of followOrder(client, orderId, { afterSequence: 0, signal: patience.signal })) {
      const items = order.items.map(({ quantity, product }) => `${quantity} × ${product.name}`).join(', ');
      const reason = order.rejectionReason ?? `${items} for ${order.customer.name}`;
      tell({ kind: 'status', status: order.status, text: reason });
      if (order.status !== 'PENDING') return order.status;
    }
  } finally {
    clearTimeout(giveUp);
  }
  throw new StoryError(`order ${orderId} was not settled`);
}

async function until<T>(what: string, condition: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > deadline) throw new StoryError(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function refuseErrors(errors: readonly { readonly code: string; readonly message: string }[]): void {
  if (errors.length > 0)
    throw new StoryError(errors.map(({ code, message }) => `${code}: ${message}`).join('; '));
}

function expect(holds: boolean, what: string): asserts holds {
  if (!holds) throw new StoryError(`it does not hold that ${what}`);
}

function required<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new StoryError(`${what} is missing`);
  return value;
}

function money({ amount, currency }: { amount: number; currency: string }): string {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}
