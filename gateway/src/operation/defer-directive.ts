import {
  BREAK,
  GraphQLError,
  Kind,
  visit,
  type DirectiveNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { ErrorCode } from '../error-codes.ts';
import { operationTooLarge } from './operation-size.ts';

/** A fragment that the client would take later: `@defer` on a spread or an inline fragment. */
export interface DeferredFragment {
  /** As the client named it. */
  readonly label?: string;
  /** The variable that decides whether it is deferred, and what it is when the client sends none; absent when it always is. */
  readonly condition?: { readonly variable: string; readonly byDefault: boolean };
}

/** @param variables as the client sent them, or coerced. */
export function isDeferred(
  { condition }: DeferredFragment,
  variables: Readonly<Record<string, unknown>>,
): boolean {
  if (condition === undefined) return true;
  const { variable, byDefault } = condition;
  return Object.hasOwn(variables, variable) ? variables[variable] === true : byDefault;
}

/** An operation without named fragments, in which every deferred fragment has its place in the list as its label. */
export interface ExpandedOperation {
  readonly operation: OperationDefinitionNode;
  readonly fragments: readonly DeferredFragment[];
}

/** Each is a part of the plan, with fetches of its own. */
const maxDeferredFragments = 30;

/** Whether a document says `@defer` or `@stream` anywhere. */
export function saysIncremental(document: DocumentNode): boolean {
  let found = false;
  visit(document, {
    Directive({ name }) {
      if (name.value !== 'defer' && name.value !== 'stream') return undefined;
      found = true;
      return BREAK;
    },
  });
  return found;
}

/** The same document, with nothing deferred: what a server that does not defer makes of it. */
export function withoutDefer(document: DocumentNode): DocumentNode {
  return visit(document, { Directive: ({ name }) => (name.value === 'defer' ? null : undefined) });
}

/**
 * Spreads named fragments, so that a deferred fragment that is spread twice is two. Follows the rules of the incremental delivery
 * proposal: labels are static and unique, and neither the root of a mutation nor a subscription is deferred.
 * @param document valid, of one operation and not too large; see `assertPlannable`.
 * @throws GraphQLError GRAPHQL_VALIDATION_FAILED, STREAM_NOT_SUPPORTED, OPERATION_TOO_LARGE.
 */
export function expandDeferred(
  document: DocumentNode,
  operation: OperationDefinitionNode,
): ExpandedOperation {
  assertDirectives(document);
  const definitions = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) definitions.set(definition.name.value, definition);
  }
  const fragments: DeferredFragment[] = [];

  const expand = ({ selections }: SelectionSetNode, isRoot: boolean): SelectionSetNode => ({
    kind: Kind.SELECTION_SET,
    selections: selections.map((selection) => expandSelection(selection, isRoot)),
  });
  const expandSelection = (selection: SelectionNode, isRoot: boolean): SelectionNode => {
    if (selection.kind === Kind.FIELD) {
      if (selection.selectionSet === undefined) return selection;
      return { ...selection, selectionSet: expand(selection.selectionSet, false) };
    }
    const { typeCondition, selectionSet } =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : definitions.get(selection.name.value)!;
    return {
      kind: Kind.INLINE_FRAGMENT,
      ...(typeCondition === undefined ? {} : { typeCondition }),
      directives: (selection.directives ?? []).flatMap((directive) => numbered(directive, isRoot)),
      selectionSet: expand(selectionSet, isRoot),
    };
  };
  const conditionOn = (variable: string): NonNullable<DeferredFragment['condition']> => {
    const defined = operation.variableDefinitions?.find((other) => other.variable.name.value === variable);
    // Without a value of its own, the directive's default holds.
    const { defaultValue } = defined ?? {};
    return { variable, byDefault: defaultValue?.kind !== Kind.BOOLEAN || defaultValue.value };
  };
  /** A `@defer` with the fragment's number as its label; nothing of one that never defers. */
  const numbered = (directive: DirectiveNode, isRoot: boolean): DirectiveNode[] => {
    if (directive.name.value !== 'defer') return [directive];
    const condition = argument(directive, 'if');
    if (condition?.kind === Kind.BOOLEAN && !condition.value) return [];
    const { operation: kind } = operation;
    if (kind === 'subscription' && condition?.kind !== Kind.VARIABLE)
      throw invalid('@defer cannot be used in a subscription.', directive);
    if (kind !== 'query' && isRoot)
      throw invalid(`@defer cannot be used on the root of a ${kind}.`, directive);
    const label = argument(directive, 'label');
    const number = fragments.push({
      ...(label?.kind === Kind.STRING ? { label: label.value } : {}),
      ...(condition?.kind === Kind.VARIABLE ? { condition: conditionOn(condition.name.value) } : {}),
    });
    if (number > maxDeferredFragments) throw operationTooLarge();
    return [deferDirective(number - 1)];
  };
  return {
    operation: { ...operation, selectionSet: expand(operation.selectionSet, true) },
    fragments,
  };
}

/** The number of a deferred fragment of an expanded operation; undefined for other selections. */
export function deferredNumber({ directives = [] }: SelectionNode): number | undefined {
  const directive = directives.find(({ name }) => name.value === 'defer');
  const label = directive && argument(directive, 'label');
  return label?.kind === Kind.STRING ? Number(label.value) : undefined;
}

function deferDirective(number: number): DirectiveNode {
  const name = (value: string) => ({ kind: Kind.NAME, value }) as const;
  const label = { kind: Kind.STRING, value: String(number) } as const;
  return {
    kind: Kind.DIRECTIVE,
    name: name('defer'),
    arguments: [{ kind: Kind.ARGUMENT, name: name('label'), value: label }],
  };
}

function assertDirectives(document: DocumentNode): void {
  const labels = new Set<string>();
  visit(document, {
    Directive(directive) {
      if (directive.name.value === 'stream') throw streamNotSupported(directive);
      const label = directive.name.value === 'defer' ? argument(directive, 'label') : undefined;
      if (label === undefined || label.kind === Kind.NULL) return;
      if (label.kind !== Kind.STRING) throw invalid('The label of @defer must be a plain text.', directive);
      if (labels.has(label.value))
        throw invalid(`The label "${label.value}" is used by more than one @defer.`, directive);
      labels.add(label.value);
    },
  });
}

function argument(directive: DirectiveNode, name: string) {
  return directive.arguments?.find((candidate) => candidate.name.value === name)?.value;
}

function invalid(message: string, node: DirectiveNode): GraphQLError {
  return refused(message, 'GRAPHQL_VALIDATION_FAILED', node);
}

function streamNotSupported(node: DirectiveNode): GraphQLError {
  const code: ErrorCode = 'STREAM_NOT_SUPPORTED';
  return refused('@stream is not served: ask without it, or @defer what may come later.', code, node);
}

function refused(message: string, code: string, node: DirectiveNode): GraphQLError {
  return new GraphQLError(message, { nodes: node, extensions: { code, http: { status: 400 } } });
}
