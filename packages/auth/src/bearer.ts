/**
 * Takes the token out of an `Authorization` header (RFC 6750, section 2.1).
 * @returns undefined when there is no header; null when there is one that holds no bearer token.
 */
export function bearerToken(header: string | undefined): string | null | undefined {
  if (header === undefined) return undefined;
  return /^Bearer +([\w.~+/-]+=*)$/i.exec(header)?.[1] ?? null;
}
