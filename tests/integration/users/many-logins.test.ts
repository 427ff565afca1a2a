import { expect, it } from '@jest/globals';
import type { Answer } from '../../support/subgraph-under-test.ts';
import { waitFor } from '../../support/wait-for.ts';
import {
  operations,
  perform,
  registerCustomer,
  type Customer,
  type SessionAnswer,
} from './account-operations.ts';
import { describeUsersService, type UsersUnderTest } from './users-under-test.ts';

function logIn(
  users: UsersUnderTest,
  { email, password }: Customer,
): Promise<Answer<{ result: SessionAnswer } | null>> {
  return users.ask(operations.login, { input: { email, password } });
}

/** One operation of many logins under aliases. */
function loginsInOne(count: number): string {
  const fields = Array.from(
    { length: count },
    (_, index) => `login${index}: login(input: $input) { session { accessToken } userErrors { code } }`,
  );
  return `mutation ($input: LoginInput!) { ${fields.join('\n')} }`;
}

describeUsersService(
  'fifty logins at once',
  (users) => {
    it('all succeed, and the service answers others meanwhile', async () => {
      const customer = await registerCustomer(users);
      let answered = 0;
      const logins = Array.from({ length: 50 }, async () => {
        const answer = await logIn(users, customer);
        answered++;
        return answer;
      });
      const health = await fetch(`${users.service.url}/health/live`);
      expect(health.status).toBe(200);
      expect(answered).toBeLessThan(50);
      const answers = await Promise.all(logins);
      expect(answers.filter(({ data }) => data?.result.session != null)).toHaveLength(50);
    });
  },
  { USERS_BCRYPT_COST: 9 },
);

describeUsersService(
  'more logins at once than may wait',
  (users) => {
    it('are told to try again later', async () => {
      const customer = await registerCustomer(users);
      const answers = await Promise.all(Array.from({ length: 50 }, () => logIn(users, customer)));
      const refused = answers.filter(({ errors }) => errors !== undefined);
      const codes = new Set(refused.map(({ errors }) => errors?.[0]?.extensions['code']));
      expect(codes).toEqual(new Set(['SERVICE_UNAVAILABLE']));
      expect(answers.length - refused.length).toBeGreaterThan(0);
    });
  },
  { USERS_BCRYPT_COST: 9, USERS_BCRYPT_QUEUE: 2 },
);

describeUsersService(
  'many logins in one operation',
  (users) => {
    it('are refused before the first of them when they are more than ten, and all done when they are ten', async () => {
      const customer = await registerCustomer(users);
      const { email, password } = customer;
      const endSessions = async (): Promise<number> =>
        (await perform<{ endedSessions: number }>(users, 'logoutEverywhere', {}, customer.identity))
          .endedSessions;
      await endSessions();

      const { errors } = await users.ask(loginsInOne(11), { input: { email, password } });

      expect(errors?.map(({ path, extensions }) => [path?.[0], extensions['code']])).toEqual([
        ['login0', 'OPERATION_TOO_LARGE'],
      ]);
      expect(await endSessions()).toBe(0);

      const ten = await users.ask(loginsInOne(10), { input: { email, password } });
      expect(ten.errors).toBeUndefined();
      expect(await endSessions()).toBe(10);
    });

    it('are counted in fragments, and not where they are skipped', async () => {
      const { email, password } = await registerCustomer(users);
      const fields = (prefix: string) =>
        Array.from(
          { length: 6 },
          (_, index) => `${prefix}${index}: login(input: $input) { userErrors { code } }`,
        ).join(' ');
      const query = `mutation ($input: LoginInput!, $both: Boolean!) {
        ... on Mutation { ${fields('a')} }
        ...More @include(if: $both)
      }
      fragment More on Mutation { ${fields('b')} }`;
      const ask = (both: boolean) => users.ask(query, { input: { email, password }, both });

      expect((await ask(true)).errors?.[0]?.extensions['code']).toBe('OPERATION_TOO_LARGE');
      expect((await ask(false)).errors).toBeUndefined();
    });

    it('are given up when the one who sent them has gone', async () => {
      const customer = await registerCustomer(users);
      const { email, password } = customer;
      let ended = 0;
      const endSessions = async (): Promise<number> =>
        (ended += (await perform<{ endedSessions: number }>(users, 'logoutEverywhere', {}, customer.identity))
          .endedSessions);
      await endSessions();
      ended = 0;
      const leaving = new AbortController();
      const answer = fetch(`${users.service.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...users.identityHeader(customer.identity) },
        body: JSON.stringify({ query: loginsInOne(10), variables: { input: { email, password } } }),
        signal: leaving.signal,
      });
      await waitFor('the first of them', async () => (await endSessions()) > 0);
      leaving.abort();
      await expect(answer).rejects.toThrow('aborted');

      // One thread hashes, first come, first served: of each ten further logins, one of them would go between two.
      for (let own = 0; own < 10; own++) await logIn(users, customer);
      expect(await endSessions()).toBeLessThan(10 + 10);
    });
  },
  { USERS_BCRYPT_COST: 10 },
);
