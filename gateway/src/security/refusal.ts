import { HeaderMap } from '@apollo/server';
import { GraphQLError, type GraphQLErrorExtensions } from 'graphql';
import type { ErrorCode } from '../error-codes.ts';

/** What HTTP is told besides the error. */
export interface RefusalHttp {
  readonly status: number;
  /** Lower-case names. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** An error that a request as a whole is refused with. Apollo Server takes the HTTP status and headers from `extensions.http`. */
export function refusal(
  message: string,
  code: ErrorCode,
  { status, headers = {} }: RefusalHttp,
): GraphQLError {
  const http = { status, headers: new HeaderMap(Object.entries(headers)) };
  return new GraphQLError(message, { extensions: { code, http } as unknown as GraphQLErrorExtensions });
}

/** The HTTP part of a refusal, for transports that Apollo Server does not serve. */
export function refusalHttp(error: GraphQLError): Required<RefusalHttp> {
  const http = error.extensions['http'] as { status?: number; headers?: unknown } | undefined;
  return {
    status: http?.status ?? 500,
    headers: http?.headers instanceof HeaderMap ? Object.fromEntries(http.headers) : {},
  };
}
