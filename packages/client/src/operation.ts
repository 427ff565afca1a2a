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

/** The variables of a subscription, or what gives them: asked whenever a connection is opened, so that a further one can begin where the last one broke. */
export type SubscriptionVariablesParameter<Variables> =
  Record<string, never> extends Variables
    ? [variables?: Variables | (() => Variables)]
    : [variables: Variables | (() => Variables)];

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

/** The same for a subscription: where its variables are given by a function, each sending of the payload asks for them anew. */
export function toSubscriptionPayload<Data, Variables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables | (() => Variables) | undefined,
): OperationPayload {
  if (!isFunction(variables)) return toPayload(document, variables);
  return {
    ...toPayload(document, undefined),
    // Both transports write the payload as JSON with every attempt, and a getter is read then.
    get variables() {
      return variables() as Record<string, unknown>;
    },
  };
}

function isFunction<Variables>(
  variables: Variables | (() => Variables) | undefined,
): variables is () => Variables {
  return typeof variables === 'function';
}

const texts = new WeakMap<DocumentNode, string>();

function textOf(document: DocumentNode): string {
  const known = texts.get(document);
  if (known !== undefined) return known;
  const text = print(document);
  texts.set(document, text);
  return text;
}
