import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { aSentence } from '../../support/a-sentence.ts';
import { operations, perform, registerCustomer, type Customer } from './account-operations.ts';
import { newEmail, describeUsersService, user } from './users-under-test.ts';

describeUsersService('bad input to users', (users) => {
  let customer: Customer;
  let before: unknown;

  beforeAll(async () => {
    customer = await registerCustomer(users);
  });

  /** Everything that can be seen of what is stored: the accounts, the events, and that the customer's password still works. */
  async function everything(): Promise<unknown> {
    const list = '{ users(first: 100) { nodes { id name email role createdAt } } }';
    const { data } = await users.ask<unknown>(list, {}, user(customer.id, 'ADMIN'));
    const { email, password } = customer;
    const { userErrors } = await perform(users, 'login', { input: { email, password } });
    return { data, userErrors, events: users.published.length };
  }
  beforeEach(async () => {
    before = await everything();
  });
  afterEach(async () => {
    expect(await everything()).toEqual(before);
  });

  const nul = 'nul\0in the middle';
  const emoji = '🦊';
  const long = 'x'.repeat(10_000);
  const lone = 'lone surrogate \ud800';
  const good = { email: newEmail(), name: 'Ada', password: 'correct horse battery' };

  const badEmails: [string, unknown, string][] = [
    ['is empty', '', 'REQUIRED'],
    ['is blank', '   ', 'REQUIRED'],
    ['has 255 characters', `${'x'.repeat(50)}@${'y.'.repeat(100)}test`, 'TOO_LONG'],
    ['has 10,000 characters', long, 'TOO_LONG'],
    ['is no address', 'ada', 'INVALID'],
    ['has two at signs', 'ada@@example.com', 'INVALID'],
    ['has no domain', 'ada@', 'INVALID'],
    ['has a domain of one label', 'ada@localhost', 'INVALID'],
    ['is an emoji', emoji, 'INVALID'],
    ['holds NUL', `nul\0@example.com`, 'INVALID'],
    ['holds a line feed', 'ada\nbcc@example.com', 'INVALID'],
    ['holds half a character', 'ada\ud800@example.com', 'INVALID'],
  ];
  const badNames: [string, unknown, string][] = [
    ['is empty', '', 'REQUIRED'],
    ['is blank', ' \t ', 'REQUIRED'],
    ['has 101 characters', emoji.repeat(101), 'TOO_LONG'],
    ['has 10,000 characters', long, 'TOO_LONG'],
    ['holds NUL', nul, 'INVALID'],
    ['holds half a character', lone, 'INVALID'],
  ];
  const badPasswords: [string, unknown, string][] = [
    ['is empty', '', 'REQUIRED'],
    ['has 73 bytes', 'x'.repeat(73), 'TOO_LONG'],
    ['has 73 bytes in 19 characters', emoji.repeat(18) + 'x', 'TOO_LONG'],
    ['has 10,000 characters', long, 'TOO_LONG'],
    ['holds NUL', nul, 'INVALID'],
    ['holds half a character', lone, 'INVALID'],
  ];
  const badNewPasswords: typeof badPasswords = [
    ...badPasswords,
    ['has 9 characters', 'x'.repeat(9), 'TOO_SHORT'],
    ['has 9 characters in 36 bytes', emoji.repeat(9), 'TOO_SHORT'],
  ];
  const badTokens: [string, unknown, string][] = [
    ['is empty', '', 'REQUIRED'],
    ['is blank', '  ', 'REQUIRED'],
    ['has 10,000 characters', long, 'TOO_LONG'],
    ['holds NUL', nul, 'INVALID'],
  ];

  const mutations: {
    operation: keyof typeof operations;
    input: Readonly<Record<string, string>>;
    fields: Readonly<Record<string, [string, unknown, string][]>>;
  }[] = [
    {
      operation: 'register',
      input: good,
      fields: { email: badEmails, name: badNames, password: badNewPasswords },
    },
    {
      operation: 'login',
      input: { email: good.email, password: good.password },
      fields: { email: badEmails, password: badPasswords },
    },
    {
      operation: 'changePassword',
      input: { currentPassword: good.password, newPassword: 'another horse entirely' },
      fields: { currentPassword: badPasswords, newPassword: badNewPasswords },
    },
    {
      operation: 'updateProfile',
      input: { email: newEmail(), name: 'Countess' },
      fields: { email: badEmails, name: badNames },
    },
  ];

  for (const { operation, input, fields } of mutations) {
    for (const [field, cases] of Object.entries(fields)) {
      describe(`${operation} with a bad ${field}`, () => {
        it.each(cases)('that %s: names the field and writes nothing', async (_title, value, code) => {
          const answer = await perform(
            users,
            operation,
            { input: { ...input, [field]: value } },
            customer.identity,
          );
          expect(answer.user).toBeNull();
          expect(answer.userErrors).toEqual([{ code, message: aSentence, field: ['input', field] }]);
        });
      });
    }

    describe(`${operation} with an input that is no ${operation} input`, () => {
      const field = Object.keys(fields)[0]!;
      it.each([
        ['a number for text', { ...input, [field]: 42 }],
        ['a list for text', { ...input, [field]: ['x'] }],
        ['an object for text', { ...input, [field]: { x: 1 } }],
        ...(operation === 'updateProfile'
          ? []
          : [
              ['a field missing', { ...input, [field]: undefined }] as const,
              ['null for a field', { ...input, [field]: null }] as const,
            ]),
      ])('%s: is refused with the name of the field', async (_title, bad) => {
        const answer = await users.ask(operations[operation], { input: bad }, customer.identity);
        expect(answer.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
        expect(answer.errors?.[0]?.message).toContain(field);
      });

      it.each([
        ['a field that is not in the schema', { ...input, role: 'ADMIN' }, 'role'],
        ['text for the input', 'input', 'input'],
        ['nothing for the input', undefined, 'input'],
      ])('%s: is refused by name', async (_title, bad, name) => {
        const answer = await users.ask(operations[operation], { input: bad }, customer.identity);
        expect(answer.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
        expect(answer.errors?.[0]?.message).toContain(name);
      });
    });
  }

  it('tells every fault of an input at once', async () => {
    const input = { email: 'nobody', name: '', password: 'short' };
    const { userErrors } = await perform(users, 'register', { input });
    expect(userErrors.map(({ code, field }) => [field?.[1], code])).toEqual([
      ['email', 'INVALID'],
      ['name', 'REQUIRED'],
      ['password', 'TOO_SHORT'],
    ]);
  });

  describe.each(['refreshSession', 'logout'] as const)('%s with a bad token', (operation) => {
    it.each(badTokens)('that %s: names it', async (_title, refreshToken, code) => {
      const answer = await perform(users, operation, { refreshToken });
      expect(answer.userErrors).toEqual([{ code, message: aSentence, field: ['refreshToken'] }]);
    });

    it.each([
      ['is missing', undefined],
      ['is null', null],
      ['is a number', 42],
    ])('that %s: is refused by name', async (_title, refreshToken) => {
      const answer = await users.ask(operations[operation], { refreshToken });
      expect(answer.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
      expect(answer.errors?.[0]?.message).toContain('refreshToken');
    });
  });

  it.each([emoji, lone, "'; drop table users; --"])(
    'refreshSession refuses %j as no token of ours',
    async (refreshToken) => {
      const { session, userErrors } = await perform(users, 'refreshSession', { refreshToken });
      expect(session).toBeNull();
      expect(userErrors[0]?.field).toEqual(['refreshToken']);
    },
  );
});
