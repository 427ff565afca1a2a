import type { GraphQLFormattedError } from 'graphql';

/** The server answered with errors. */
export class GraphQLRequestError extends Error {
  override readonly name = 'GraphQLRequestError';
  /** As the server sent them, at least one. */
  readonly errors: readonly GraphQLFormattedError[];
  /** What there is in spite of the errors; null or undefined when there is nothing. */
  readonly data: unknown;
  constructor(errors: readonly GraphQLFormattedError[], data?: unknown) {
    super(errors.map(({ message }) => message).join('; '));
    this.errors = errors;
    this.data = data;
  }
  /** The errors' `extensions.code`, each once: `UNAUTHENTICATED`. */
  get codes(): readonly string[] {
    const codes = this.errors.map((error) => error.extensions?.['code']);
    return [...new Set(codes.filter((code) => typeof code === 'string'))];
  }
}

/** There was no GraphQL answer: nobody listens, the connection broke, it took too long, or something else than GraphQL came. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  /** The HTTP status, when there was an HTTP answer. */
  readonly status: number | undefined;
  constructor(message: string, options: { readonly status?: number; readonly cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.status = options.status;
  }
}
