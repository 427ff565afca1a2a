import { randomUUID } from 'node:crypto';
import { createTrellisClient, RegisterDocument, type TrellisClient } from '@trellis/client';
import { parse, type DocumentNode } from 'graphql';

/** Someone who orders and hears, over one WebSocket, what becomes of their orders. */
export interface Customer {
  /** Places an order of one line. Resolves when it is heard that it is confirmed. @throws when it is refused, rejected or not heard of. */
  order(): Promise<void>;
  /** Like {@link order}, as often as it takes until orders has heard of the products and the subscription stands. */
  firstOrder(): Promise<void>;
  leave(): Promise<void>;
}

type Typed<Data, Variables> = DocumentNode & {
  readonly __apiType?: (variables: Variables) => Data;
};

interface Placed {
  readonly placeOrder: {
    readonly order: { readonly id: string } | null;
    readonly userErrors: readonly { readonly message: string }[];
  };
}
interface Heard {
  readonly myOrderStatusChanged: { readonly id: string; readonly status: string };
}

const place = parse(`mutation Place($input: PlaceOrderInput!) {
  placeOrder(input: $input) { order { id } userErrors { message } }
}`) as Typed<Placed, { input: unknown }>;
const follow = parse('subscription Follow { myOrderStatusChanged { id status } }') as Typed<
  Heard,
  Record<string, never>
>;

/** An order that is not confirmed by then is a failure. */
const patienceMs = 60_000;

/** Registers a customer, and follows their orders. */
export async function openCustomer(url: string, nextProduct: () => string): Promise<Customer> {
  const session: { token?: string | undefined } = {};
  const client = createTrellisClient({ url, token: () => session.token });
  const { register } = await client.request(RegisterDocument, {
    input: { email: `${randomUUID()}@trellis.example`, name: 'Customer', password: randomUUID() },
  });
  session.token = register.session?.accessToken;
  const news = followOrders(client);

  async function order(patience = patienceMs): Promise<void> {
    const { placeOrder } = await client.request(place, {
      input: { idempotencyKey: randomUUID(), lines: [{ productId: nextProduct(), quantity: 1 }] },
    });
    if (placeOrder.order === null)
      throw new Error(placeOrder.userErrors.map(({ message }) => message).join('; '));
    const status = await news.outcome(placeOrder.order.id, patience);
    if (status !== 'CONFIRMED') throw new Error(`an order is ${status}`);
  }

  return {
    order: () => order(),
    async firstOrder() {
      for (let attempt = 1; ; attempt++) {
        try {
          return await order(1_000);
        } catch (error) {
          if (attempt === 20) throw error;
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      }
    },
    async leave() {
      news.end();
      await client.stop();
    },
  };
}

interface News {
  /** Resolves with what an order is after PENDING. */
  outcome(id: string, patience: number): Promise<string>;
  end(): void;
}

function followOrders(client: TrellisClient): News {
  const heard = new Map<string, string>();
  const waiting = new Map<string, (status: string) => void>();
  const stream = client.subscribe(follow);
  let failure: Error | undefined;

  async function listen(): Promise<void> {
    for await (const { myOrderStatusChanged } of stream) {
      const { id, status } = myOrderStatusChanged;
      if (status === 'PENDING') continue;
      const tell = waiting.get(id);
      // It may be heard of before its placing is answered.
      if (tell === undefined) heard.set(id, status);
      else tell(status);
    }
  }
  listen().catch((error: unknown) => (failure = error as Error));

  return {
    outcome: (id, patience) =>
      new Promise((resolve, reject) => {
        if (failure !== undefined) throw failure;
        const known = heard.get(id);
        heard.delete(id);
        if (known !== undefined) return resolve(known);
        const timer = setTimeout(() => {
          waiting.delete(id);
          reject(failure ?? new Error(`order ${id} was not heard of`));
        }, patience);
        waiting.set(id, (status) => {
          clearTimeout(timer);
          waiting.delete(id);
          resolve(status);
        });
      }),
    end: () => void stream.return?.(),
  };
}
