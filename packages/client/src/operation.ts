import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { getOperationAST, print, type DocumentNode } from 'graphql';

/** What is sent to the server. */
export interface OperationPayload {
  readonly query: string;
  readonly operationName?: string;
  readonly variables?: Record<string, unknown>;
}

/** The variables of a document as a parameter: it may be left out where every variable may. */
export type VariablesParameter<Variables> =
  Record<string, never> extends Variables ? [variables?: Variables] : [variables: Variables];

/** A document and its variables as they are sent. */
export function toPayload<Data, Variables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables | undefined,
): OperationPayload {
  const operationName = getOperationAST(document)?.name?.value;
  return {
    query: textOf(document),
    ...(operationName === undefined ? {} : { operationName }),
    ...(variables === undefined ? {} : { variables: variables as Record<string, unknown> }),
  };
}

const texts = new WeakMap<DocumentNode, string>();

function textOf(document: DocumentNode): string {
  const known = texts.get(document);
  if (known !== undefined) return known;
  const text = print(document);
  texts.set(document, text);
  return text;
}
