import type { DocumentNode, GraphQLError } from 'graphql';

/** A document that may be executed against the generation it was checked with, or why not. */
export type CheckedDocument =
  | { readonly kind: 'valid'; readonly document: DocumentNode }
  | { readonly kind: 'invalid'; readonly errors: readonly GraphQLError[] };
