import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { describeOrdersService, type Caller } from './support/orders-service.ts';
import { recordQueries } from './support/recorded-queries.ts';
import { cancelOrder, orderById, placedOrder } from './support/requests.ts';

interface Page {
  readonly nodes: readonly { readonly id: string; readonly status: string }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

const pageFields = '{ nodes { id status } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }';
const pageQuery = `query ($status: OrderStatus, $first: Int, $after: String, $last: Int, $before: String) {
  orders(status: $status, first: $first, after: $after, last: $last, before: $before) ${pageFields}
}`;
const entitiesQuery = (fields: string): string =>
  `query ($representations: [_Any!]!) { _entities(representations: $representations) { ${fields} } }`;

async function pageOf(caller: Caller, variables: object = {}): Promise<Page> {
  const { data, errors } = await caller.query<{ orders: Page }>(pageQuery, variables);
  if (data == null) throw new Error(JSON.stringify(errors));
  return data.orders;
}

describeOrdersService('reading orders', (orders) => {
  async function customerWith(count: number): Promise<{ customer: Caller; ids: string[] }> {
    const customer = orders.customer();
    const productId = await orders.product();
    const ids: string[] = [];
    for (let placed = 0; placed < count; placed++) ids.unshift((await placedOrder(customer, productId)).id);
    return { customer, ids };
  }

  describe('one order', () => {
    it('is visible to its customer and to administrators, and to others it does not exist', async () => {
      const { customer, ids } = await customerWith(1);
      const id = ids[0]!;

      expect(await orderById(customer, id)).toMatchObject({ id });
      expect(await orderById(customer, id.toUpperCase())).toMatchObject({ id });
      expect(await orderById(orders.admin(), id)).toMatchObject({ id });
      expect(await orderById(orders.customer(), id)).toBeNull();
    });

    it.each([randomUUID(), 'not-an-id', '', '\0', '🛒'])('is null for the id %j', async (id) => {
      expect(await orderById(orders.admin(), id)).toBeNull();
    });

    it('needs a login', async () => {
      const { errors } = await orders.nobody().query(`{ order(id: "${randomUUID()}") { id } }`);

      expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    });
  });

  describe('the list', () => {
    it("holds the caller's own orders, newest first", async () => {
      const { customer, ids } = await customerWith(3);
      await customerWith(1);

      expect((await pageOf(customer)).nodes.map(({ id }) => id)).toEqual(ids);
    });

    it("holds everyone's orders for an administrator", async () => {
      const [first, second] = [await customerWith(1), await customerWith(1)];

      const { nodes } = await pageOf(orders.admin(), { first: 2 });

      expect(nodes.map(({ id }) => id)).toEqual([...second.ids, ...first.ids]);
    });

    it('is walked forward page by page, without a gap or a repeat while orders are added', async () => {
      const { customer, ids } = await customerWith(5);

      const first = await pageOf(customer, { first: 2 });
      await placedOrder(customer, await orders.product());
      const second = await pageOf(customer, { first: 2, after: first.pageInfo.endCursor });
      const third = await pageOf(customer, { first: 2, after: second.pageInfo.endCursor });

      expect([first, second, third].flatMap(({ nodes }) => nodes.map(({ id }) => id))).toEqual(ids);
      expect(first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
      expect(third.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    });

    it('is walked backward from its end', async () => {
      const { customer, ids } = await customerWith(3);

      const last = await pageOf(customer, { last: 2 });
      const before = await pageOf(customer, { last: 2, before: last.pageInfo.startCursor });

      expect([...before.nodes, ...last.nodes].map(({ id }) => id)).toEqual(ids);
    });

    it('is narrowed down to a status', async () => {
      const { customer, ids } = await customerWith(3);
      await cancelOrder(customer, ids[1]!);

      expect((await pageOf(customer, { status: 'CANCELLED' })).nodes).toEqual([
        { id: ids[1], status: 'CANCELLED' },
      ]);
    });

    it.each([
      [{ first: 0 }, 'first'],
      [{ first: 101 }, 'first'],
      [{ last: -1 }, 'last'],
      [{ after: 'nonsense' }, 'after'],
      [{ first: 1, last: 1 }, 'last'],
    ])('refuses %j', async (variables, argument) => {
      const { errors } = await orders.customer().query(pageQuery, variables);

      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
    });

    it('costs one query each for the orders, their lines and their steps', async () => {
      const { customer } = await customerWith(50);

      const queries = await recordQueries(async () => {
        const { errors } = await customer.query(
          `{ orders(first: 50) { nodes { items { name product { id } } timeline { status } customer { id } } } }`,
        );
        expect(errors).toBeUndefined();
      });

      expect(queries).toHaveLength(3);
    });
  });

  describe('as a part of the graph', () => {
    it('resolves orders by reference, for whom they are visible, in one query', async () => {
      const { customer, ids } = await customerWith(3);
      const foreign = (await customerWith(1)).ids[0]!;
      const representations = [...ids, foreign, randomUUID()].map((id) => ({ __typename: 'Order', id }));
      let data: unknown;

      const queries = await recordQueries(async () => {
        ({ data } = await customer.query(entitiesQuery('... on Order { id }'), { representations }));
      });

      expect(data).toEqual({ _entities: [...ids.map((id) => ({ id })), null, null] });
      expect(queries).toHaveLength(1);
    });

    it('adds the orders to users, those of many in one query', async () => {
      const customers = [await customerWith(2), await customerWith(1), await customerWith(0)];
      const representations = customers.map(({ customer }) => ({ __typename: 'User', id: customer.id }));
      let data: unknown;

      const queries = await recordQueries(async () => {
        ({ data } = await orders
          .admin()
          .query(
            entitiesQuery('... on User { orders(first: 1) { nodes { id } pageInfo { hasNextPage } } }'),
            {
              representations,
            },
          ));
      });

      expect(data).toEqual({
        _entities: [
          { orders: { nodes: [{ id: customers[0]!.ids[0] }], pageInfo: { hasNextPage: true } } },
          { orders: { nodes: [{ id: customers[1]!.ids[0] }], pageInfo: { hasNextPage: false } } },
          { orders: { nodes: [], pageInfo: { hasNextPage: false } } },
        ],
      });
      expect(queries).toHaveLength(1);
    });

    it("shows a customer their own orders, and refuses another user's", async () => {
      const { customer, ids } = await customerWith(1);
      const query = entitiesQuery('... on User { id orders { nodes { id } } }');
      const other = randomUUID();

      const { data, errors } = await customer.query(query, {
        representations: [
          { __typename: 'User', id: customer.id },
          { __typename: 'User', id: other },
        ],
      });

      expect(data).toEqual({
        _entities: [
          { id: customer.id, orders: { nodes: [{ id: ids[0] }] } },
          { id: other, orders: null },
        ],
      });
      expect(errors).toMatchObject([{ path: ['_entities', 1, 'orders'], extensions: { code: 'FORBIDDEN' } }]);
    });
  });
});
