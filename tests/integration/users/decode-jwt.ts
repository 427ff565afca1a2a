/** What a JWT says, believed without a look at its signature. */
export function decodeJwt(token: string): {
  header: Readonly<Record<string, unknown>>;
  claims: Readonly<Record<string, unknown>>;
} {
  const [header, claims] = token
    .split('.', 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>);
  if (header === undefined || claims === undefined) throw new Error('not a JWT');
  return { header, claims };
}
