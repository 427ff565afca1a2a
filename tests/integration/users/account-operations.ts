import { decodeJwt } from './decode-jwt.ts';
import { newEmail, user, type UsersUnderTest } from './users-under-test.ts';
import type { Identity } from '@trellis/auth';

export interface UserErrorAnswer {
  readonly code: string;
  readonly message: string;
  readonly field: readonly string[] | null;
}

export interface UserAnswer {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly role: string | null;
}

export interface SessionAnswer {
  readonly session: {
    readonly accessToken: string;
    readonly accessTokenExpiresAt: string;
    readonly refreshToken: string;
    readonly refreshTokenExpiresAt: string;
  } | null;
  readonly user: UserAnswer | null;
  readonly userErrors: readonly UserErrorAnswer[];
}

const userErrors = 'userErrors { code message field }';
const userFields = 'user { id name email role }';
const sessionFields = `session { accessToken accessTokenExpiresAt refreshToken refreshTokenExpiresAt } ${userFields} ${userErrors}`;

/** The mutations of the service, as documents. */
export const operations = {
  register: `mutation ($input: RegisterInput!) { result: register(input: $input) { ${sessionFields} } }`,
  login: `mutation ($input: LoginInput!) { result: login(input: $input) { ${sessionFields} } }`,
  refreshSession: `mutation ($refreshToken: String!) { result: refreshSession(refreshToken: $refreshToken) { ${sessionFields} } }`,
  logout: `mutation ($refreshToken: String!) { result: logout(refreshToken: $refreshToken) { endedSessions ${userErrors} } }`,
  logoutEverywhere: `mutation { result: logoutEverywhere { endedSessions ${userErrors} } }`,
  changePassword: `mutation ($input: ChangePasswordInput!) { result: changePassword(input: $input) { ${userFields} ${userErrors} } }`,
  updateProfile: `mutation ($input: UpdateProfileInput!) { result: updateProfile(input: $input) { ${userFields} ${userErrors} } }`,
} as const;

/** Sends one of the mutations and gives its payload; an error that is not in the payload fails the test. */
export async function perform<T = SessionAnswer>(
  users: UsersUnderTest,
  operation: keyof typeof operations,
  variables: Readonly<Record<string, unknown>> = {},
  as?: Identity,
): Promise<T> {
  const answer = await users.ask<{ result: T }>(operations[operation], variables, as);
  if (answer.errors !== undefined) throw new Error(`${operation}: ${JSON.stringify(answer.errors)}`);
  return answer.data.result;
}

/** A customer with an account of their own, logged in. */
export interface Customer {
  readonly id: string;
  readonly email: string;
  readonly password: string;
  readonly refreshToken: string;
  /** Who the gateway says they are, in the session that their registration began. */
  readonly identity: Identity;
}

export async function registerCustomer(users: UsersUnderTest): Promise<Customer> {
  const email = newEmail();
  const password = 'correct horse battery';
  const { session, user: account } = await perform(users, 'register', {
    input: { email, name: 'Ada', password },
  });
  if (session === null || account === null) throw new Error('the registration was refused');
  const { sid } = decodeJwt(session.accessToken).claims;
  return {
    id: account.id,
    email,
    password,
    refreshToken: session.refreshToken,
    identity: user(account.id, 'CUSTOMER', String(sid)),
  };
}
