import { afterEach, describe, expect, it } from '@jest/globals';
import { operations, registerCustomer, type Customer, type SessionAnswer } from './account-operations.ts';
import type { Answer } from '../../support/subgraph-under-test.ts';
import { startUsersUnderTest, type UsersUnderTest } from './users-under-test.ts';

let users: UsersUnderTest | undefined;
afterEach(() => users?.stop());

function logIn(
  service: UsersUnderTest,
  { email, password }: Customer,
): Promise<Answer<{ result: SessionAnswer } | null>> {
  return service.ask(operations.login, { input: { email, password } });
}

describe('fifty logins at once', () => {
  it('all succeed, and the service answers others meanwhile', async () => {
    const service = (users = await startUsersUnderTest({ USERS_BCRYPT_COST: 9 }));
    const customer = await registerCustomer(service);
    let answered = 0;
    const logins = Array.from({ length: 50 }, async () => {
      const answer = await logIn(service, customer);
      answered++;
      return answer;
    });
    const health = await fetch(`${service.service.url}/health/live`);
    expect(health.status).toBe(200);
    expect(answered).toBeLessThan(50);
    const answers = await Promise.all(logins);
    expect(answers.filter(({ data }) => data?.result.session != null)).toHaveLength(50);
  });

  it('are told to try again later where more wait than may', async () => {
    const service = (users = await startUsersUnderTest({ USERS_BCRYPT_COST: 9, USERS_BCRYPT_QUEUE: 2 }));
    const customer = await registerCustomer(service);
    const answers = await Promise.all(Array.from({ length: 50 }, () => logIn(service, customer)));
    const refused = answers.filter(({ errors }) => errors !== undefined);
    const codes = new Set(refused.map(({ errors }) => errors?.[0]?.extensions['code']));
    expect(codes).toEqual(new Set(['SERVICE_UNAVAILABLE']));
    expect(answers.length - refused.length).toBeGreaterThan(0);
  });
});
