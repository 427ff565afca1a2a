import type { FetchNode } from '@apollo/query-planner';
import {
  Kind,
  print,
  stripIgnoredCharacters,
  visit,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type VariableDefinitionNode,
} from 'graphql';
import { fetchDocument, type FetchDocument } from '../../operation/fetch-document.ts';
import type { PlanFetch } from './plan-fetches.ts';

/** Several fetches as one operation. */
export interface MergedOperation {
  readonly operation: string;
  readonly operationName: string | undefined;
  /** The client's variables that it uses. */
  readonly variableUsages: string[];
  /** What each fetch is called in it, in their order. */
  readonly parts: readonly MergedPart[];
}

export type MergedPart =
  | {
      readonly kind: 'entities';
      /** The response key of its `_entities`. */
      readonly key: string;
      /** The variable of its representations. */
      readonly variable: string;
    }
  /** Its fields have the keys that they have in its own operation. */
  | { readonly kind: 'root' };

/** Whether a fetch may be part of a larger operation: a query, of entities or of the response's root. */
export function isMergeable({ node, at }: PlanFetch): boolean {
  if (node.operationKind !== 'query' || (node.contextRewrites?.length ?? 0) > 0) return false;
  const { operation } = fetchDocument(node);
  if ((operation.directives?.length ?? 0) > 0) return false;
  return node.requires === undefined ? at.length === 0 : entitiesField(operation) !== undefined;
}

/**
 * Names what an entity fetch asks of an entity: two fetches of one plan that share it would be answered the same for the same representation.
 * @returns undefined for a fetch of root fields.
 */
export function whatItAsks(node: FetchNode): string | undefined {
  if (node.requires === undefined || (node.contextRewrites?.length ?? 0) > 0) return undefined;
  const { operation, fragments } = fetchDocument(node);
  const { name: _name, ...unnamed } = operation;
  const text = [unnamed, ...fragments].map(print).join('\n');
  const { serviceName, requires, inputRewrites = [], outputRewrites = [] } = node;
  return JSON.stringify([serviceName, text, requires, inputRewrites, outputRewrites]);
}

/** @param nodes mergeable ones for one subgraph, and no more than one of them of root fields: those keep their keys. */
export function mergeOperations(nodes: readonly FetchNode[]): MergedOperation {
  const documents = nodes.map(fetchDocument);
  const variables = new Map<string, VariableDefinitionNode>();
  for (const [index, { operation }] of documents.entries()) {
    for (const definition of operation.variableDefinitions ?? []) {
      const name = definition.variable.name.value;
      if (nodes[index]!.requires === undefined || name !== 'representations') variables.set(name, definition);
    }
  }
  const rootKeys = new Set(
    documents.flatMap((document, index) =>
      nodes[index]!.requires === undefined ? keysWithin(document) : [],
    ),
  );
  const fragmentNames = new Set<string>();
  const fragments: FragmentDefinitionNode[] = [];
  const selections: SelectionNode[] = [];
  const parts = documents.map((document, index): MergedPart => {
    const renamed = renameFragments(document, fragmentNames);
    fragments.push(...renamed.fragments);
    const entities = nodes[index]!.requires === undefined ? undefined : entitiesField(renamed.operation);
    if (entities === undefined) {
      selections.push(...renamed.operation.selectionSet.selections);
      return { kind: 'root' };
    }
    const key = freeName(`entities${index}`, (name) => rootKeys.has(name));
    const variable = freeName(`representations${index}`, (name) => variables.has(name));
    const definition = document.operation.variableDefinitions?.find(isRepresentations);
    if (definition !== undefined) variables.set(variable, renameVariable(definition, variable));
    const field = renameVariable(entities, variable);
    selections.push({ ...field, alias: { kind: Kind.NAME, value: key } });
    return { kind: 'entities', key, variable };
  });
  const { operationName } = nodes[0]!;
  const merged: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [
      {
        ...documents[0]!.operation,
        variableDefinitions: [...variables.values()],
        selectionSet: { kind: Kind.SELECTION_SET, selections },
      },
      ...fragments,
    ],
  };
  return {
    operation: stripIgnoredCharacters(print(merged)),
    operationName,
    variableUsages: [...new Set(nodes.flatMap(({ variableUsages = [] }) => variableUsages))],
    parts,
  };
}

/** The `_entities` of an operation that asks for nothing else. */
function entitiesField({ selectionSet: { selections } }: OperationDefinitionNode): FieldNode | undefined {
  const [only] = selections;
  const isEntities =
    selections.length === 1 && only?.kind === Kind.FIELD && only.name.value === '_entities' && !only.alias;
  return isEntities ? only : undefined;
}

function isRepresentations({ variable }: VariableDefinitionNode): boolean {
  return variable.name.value === 'representations';
}

function renameVariable<Node extends FieldNode | VariableDefinitionNode>(node: Node, name: string): Node {
  return visit(node, {
    Variable: (variable) =>
      variable.name.value === 'representations'
        ? { ...variable, name: { kind: Kind.NAME, value: name } }
        : undefined,
  });
}

/** Gives fragments names that no other fetch's have. @param taken gets the names that these have now. */
function renameFragments({ operation, fragments }: FetchDocument, taken: Set<string>): FetchDocument {
  const names = new Map<string, string>();
  for (const { name } of fragments) {
    const free = freeName(name.value, (candidate) => taken.has(candidate));
    names.set(name.value, free);
    taken.add(free);
  }
  const renamed = <Node extends OperationDefinitionNode | FragmentDefinitionNode>(node: Node): Node =>
    visit(node, {
      enter(within) {
        if (within.kind !== Kind.FRAGMENT_SPREAD && within.kind !== Kind.FRAGMENT_DEFINITION)
          return undefined;
        return {
          ...within,
          name: { kind: Kind.NAME, value: names.get(within.name.value) ?? within.name.value },
        };
      },
    });
  return { operation: renamed(operation), fragments: fragments.map(renamed) };
}

/** Every response key of a document, wherever it stands. */
function keysWithin({ operation, fragments }: FetchDocument): string[] {
  const keys: string[] = [];
  for (const definition of [operation, ...fragments]) {
    visit(definition, { Field: ({ alias, name }) => void keys.push(alias?.value ?? name.value) });
  }
  return keys;
}

/** The name itself, or with a number behind it. */
function freeName(name: string, isTaken: (name: string) => boolean): string {
  let free = name;
  for (let number = 2; isTaken(free); number++) free = `${name}_${number}`;
  return free;
}
