import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { anonymous, createIdentitySigner, gatewayIdentityHeader, generateSigningKey } from '@trellis/auth';
import { operations, registerCustomer, type Customer } from './account-operations.ts';
import { describeUsersService, user } from './users-under-test.ts';

describeUsersService('who may do what to accounts', (users) => {
  let ada: Customer;
  let eve: Customer;
  beforeAll(async () => {
    ada = await registerCustomer(users);
    eve = await registerCustomer(users);
  });

  const admin = user(randomUUID(), 'ADMIN');
  const fields = 'id name email role createdAt orderSummary { count }';
  const nothingPrivate = { email: null, role: null, createdAt: null, orderSummary: null };

  describe('a caller that is not the gateway', () => {
    const post = (headers: Record<string, string>) =>
      fetch(`${users.service.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query: '{ me { id } }' }),
      });

    it('is answered 401 without an identity', async () => {
      const response = await post({});
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    });

    it("is answered 401 with an identity that the gateway's key did not sign", async () => {
      const forged = createIdentitySigner(generateSigningKey()).sign(admin, 'users');
      expect((await post({ [gatewayIdentityHeader]: forged })).status).toBe(401);
    });
  });

  describe('me', () => {
    const me = `{ me { ${fields} } }`;

    it('is the caller, with all that is theirs', async () => {
      const { data } = await users.ask(me, {}, ada.identity);
      expect(data).toEqual({
        me: {
          id: ada.id,
          name: 'Ada',
          email: ada.email,
          role: 'CUSTOMER',
          createdAt: expect.any(String),
          orderSummary: { count: 0 },
        },
      });
    });

    it.each([
      ['nobody is logged in', anonymous],
      ['the account is gone', user(randomUUID())],
      ['the id is none', user('not-an-id')],
    ])('is null when %s', async (_title, identity) => {
      expect(await users.ask(me, {}, identity)).toEqual({ status: 200, data: { me: null } });
    });
  });

  describe('user', () => {
    const document = `query ($id: ID!) { user(id: $id) { ${fields} } }`;

    it('shows customers themselves, and administrators everyone', async () => {
      for (const viewer of [ada.identity, admin]) {
        const { data } = await users.ask(document, { id: ada.id }, viewer);
        expect(data).toMatchObject({ user: { id: ada.id, email: ada.email, role: 'CUSTOMER' } });
      }
    });

    it('is found under an id in capitals', async () => {
      const { data } = await users.ask(document, { id: ada.id.toUpperCase() }, admin);
      expect(data).toMatchObject({ user: { id: ada.id } });
    });

    it('is null to others, and for ids that nobody has', async () => {
      for (const [viewer, id] of [
        [eve.identity, ada.id],
        [anonymous, ada.id],
        [admin, randomUUID()],
        [admin, 'not-an-id'],
        [admin, ''],
        [admin, 'nul\0'],
      ] as const) {
        expect(await users.ask(document, { id }, viewer)).toEqual({ status: 200, data: { user: null } });
      }
    });
  });

  describe('users', () => {
    const document = `query ($first: Int, $after: String, $last: Int, $before: String) {
    users(first: $first, after: $after, last: $last, before: $before) {
      nodes { id email }
      edges { cursor node { id } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }`;
    type Page = {
      users: {
        nodes: { id: string; email: string }[];
        pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string; endCursor: string };
      };
    };

    it('is for administrators', async () => {
      const asCustomer = await users.ask(document, {}, ada.identity);
      expect(asCustomer.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
      const asNobody = await users.ask(document);
      expect(asNobody.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    });

    it('goes through all of them, oldest first, forwards and backwards', async () => {
      const third = await registerCustomer(users);
      const oldestFirst = [ada, eve, third].map(({ id, email }) => ({ id, email }));
      const first = await users.ask<Page>(document, { first: 2 }, admin);
      expect(first.data.users.nodes).toEqual(oldestFirst.slice(0, 2));
      expect(first.data.users.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
      const second = await users.ask<Page>(
        document,
        { first: 2, after: first.data.users.pageInfo.endCursor },
        admin,
      );
      expect(second.data.users.nodes).toEqual(oldestFirst.slice(2));
      expect(second.data.users.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
      const back = await users.ask<Page>(
        document,
        { last: 2, before: second.data.users.pageInfo.startCursor },
        admin,
      );
      expect(back.data.users.nodes).toEqual(oldestFirst.slice(0, 2));
    });

    it.each([
      [{ first: 0 }, 'first'],
      [{ first: 101 }, 'first'],
      [{ last: -1 }, 'last'],
      [{ first: 1, last: 1 }, 'last'],
      [{ after: 'not a cursor' }, 'after'],
      [{ last: 1, before: Buffer.from('["2026","x"]').toString('base64url') }, 'before'],
    ])('refuses the page %j, naming the argument', async (page, argument) => {
      const { errors } = await users.ask(document, page, admin);
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
    });
  });

  describe('a user that another subgraph refers to', () => {
    const document = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { ${fields} } } }`;
    const references = (...ids: string[]) => ({ of: ids.map((id) => ({ __typename: 'User', id })) });

    it('shows others the name alone', async () => {
      for (const viewer of [eve.identity, anonymous]) {
        const { data } = await users.ask(document, references(ada.id), viewer);
        expect(data).toEqual({ _entities: [{ id: ada.id, name: 'Ada', ...nothingPrivate }] });
      }
    });

    it('is found by its id, and null where there is none', async () => {
      const { data } = await users.ask(
        document,
        references(ada.id, randomUUID(), eve.id, 'not-an-id'),
        ada.identity,
      );
      expect(data).toMatchObject({
        _entities: [{ id: ada.id, email: ada.email }, null, { id: eve.id, email: null }, null],
      });
    });
  });

  describe('mutations of an account', () => {
    const inputs = {
      logoutEverywhere: {},
      changePassword: {
        input: { currentPassword: 'correct horse battery', newPassword: 'another horse entirely' },
      },
      updateProfile: { input: { name: 'Nobody' } },
    } as const;

    it.each(Object.keys(inputs) as (keyof typeof inputs)[])(
      '%s is refused when nobody is logged in',
      async (operation) => {
        const { errors } = await users.ask(operations[operation], inputs[operation]);
        expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
      },
    );

    it.each(['changePassword', 'updateProfile'] as const)(
      '%s is refused when the account is gone',
      async (operation) => {
        const { errors } = await users.ask(operations[operation], inputs[operation], user(randomUUID()));
        expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
      },
    );

    it('logoutEverywhere of an account that is gone ends nothing', async () => {
      const { data } = await users.ask(operations.logoutEverywhere, {}, user(randomUUID()));
      expect(data).toEqual({ result: { endedSessions: 0, userErrors: [] } });
    });
  });
});
