import { createHash } from 'node:crypto';
import { GraphQLError } from 'graphql';
import type { ErrorCode } from '../error-codes.ts';
import type { OperationParams } from './operation-params.ts';

/** Where documents are kept by their hash: what Apollo Server keeps them in, so that they are the same over every transport. */
export interface DocumentStore {
  get(key: string): Promise<string | undefined>;
  set(key: string, document: string): Promise<void>;
}

/** Documents of automatic persisted queries, for operations that do not come through Apollo Server. */
export interface PersistedDocuments {
  /** @returns the text of an operation's document, or why there is none. */
  find(params: OperationParams): Promise<string | GraphQLError>;
  /** Keeps the document of an operation that is valid, when its client asked for that. */
  keep(params: OperationParams): void;
}

/** The refusals are those of Apollo Server. */
export function createPersistedDocuments(store: DocumentStore): PersistedDocuments {
  return {
    async find({ query, extensions }) {
      const persisted = extensions?.['persistedQuery'];
      if (persisted === undefined || persisted === null) {
        return query !== ''
          ? query
          : refused('BAD_REQUEST', 'The request names no document: it has no query.');
      }
      const { version, sha256Hash } = persisted as Readonly<Record<string, unknown>>;
      if (version !== 1 || typeof sha256Hash !== 'string') {
        return refused('BAD_REQUEST', 'Unsupported persisted query version');
      }
      if (query === '') {
        return (
          (await store.get(keyOf(sha256Hash))) ??
          refused('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound')
        );
      }
      if (sha256Hash !== hashOf(query)) {
        return refused('PERSISTED_QUERY_HASH_MISMATCH', 'provided sha does not match query');
      }
      return query;
    },
    keep({ query, extensions }) {
      if (query === '' || !extensions?.['persistedQuery']) return;
      // A document that is not kept is sent again: nothing depends on it.
      store.set(keyOf(hashOf(query)), query).catch(() => {});
    },
  };
}

/** As Apollo Server names its entries. */
function keyOf(hash: string): string {
  return `apq:${hash}`;
}

function hashOf(query: string): string {
  return createHash('sha256').update(query).digest('hex');
}

function refused(code: ErrorCode | 'PERSISTED_QUERY_NOT_FOUND', message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } });
}
