import type { QueryPlan } from '@apollo/query-planner';
import {
  GraphQLError,
  Kind,
  visit,
  type DocumentNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import {
  deferredNumber,
  isDeferred,
  type DeferredFragment,
  type ExpandedOperation,
} from './defer-directive.ts';
import type { Cache } from './weighed-cache.ts';

/** An operation with deferred fragments, planned for some values of the variables that their `if` depends on. */
export interface DeferringPlan {
  /** Expanded; what is not deferred has lost its `@defer`. */
  readonly operation: OperationDefinitionNode;
  /** By the number that is the label in the operation and in the plan. */
  readonly fragments: readonly DeferredFragment[];
  readonly plan: QueryPlan;
  /** Whether the plan defers anything: if not, the planner could not, and everything is fetched first. */
  readonly isDeferring: boolean;
}

/** An operation that says `@defer`. */
export interface DeferredOperation {
  /** Whether these values defer anything. @param variables as the client sent them, or coerced. */
  defers(variables: Readonly<Record<string, unknown>>): boolean;
  /** @returns undefined when these values defer nothing. */
  planFor(coercedVariables: Readonly<Record<string, unknown>>): DeferringPlan | undefined;
}

/** How an operation that says `@defer` gets its plans. */
interface Planning {
  /** Asks the planner; its plans have Defer nodes. @throws GraphQLError when it makes none. */
  planQuery(document: DocumentNode): QueryPlan;
  /** Keeps them, one for each combination of what is deferred; nearly always there is one. */
  readonly plans: Cache<DeferringPlan>;
  /** Names the operation among others. */
  readonly cacheKey: string;
}

/** @param inline the plan of the operation without `@defer`. */
export function createDeferredOperation(
  { operation, fragments }: ExpandedOperation,
  inline: QueryPlan,
  { planQuery, plans, cacheKey }: Planning,
): DeferredOperation {
  const planDeferring = (deferring: OperationDefinitionNode): Pick<DeferringPlan, 'plan' | 'isDeferring'> => {
    try {
      return {
        plan: planQuery({ kind: Kind.DOCUMENT, definitions: [plannable(deferring)] }),
        isDeferring: true,
      };
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error; // a fault of our own
      // Some fragments the planner cannot defer, on interfaces that a subgraph has as objects above all. Everything is fetched first then, and
      // delivered in parts all the same.
      return { plan: inline, isDeferring: false };
    }
  };
  return {
    defers: (variables) => fragments.some((fragment) => isDeferred(fragment, variables)),
    planFor(coercedVariables) {
      const decided = fragments.map((fragment) => isDeferred(fragment, coercedVariables));
      if (!decided.includes(true)) return undefined;
      const key = `${cacheKey}:${decided.map(Number).join('')}`;
      let planned = plans.get(key);
      if (planned === undefined) {
        const deferring = withDeferred(operation, decided);
        planned = { operation: deferring, fragments, ...planDeferring(deferring) };
        plans.set(key, planned);
      }
      return planned;
    },
  };
}

function withDeferred(
  operation: OperationDefinitionNode,
  decided: readonly boolean[],
): OperationDefinitionNode {
  return visit(operation, {
    InlineFragment(fragment) {
      const number = deferredNumber(fragment);
      if (number === undefined || decided[number] === true) return undefined;
      return { ...fragment, directives: fragment.directives?.filter(({ name }) => name.value !== 'defer') };
    },
  });
}

/** Without the introspection of the root, which the planner does not look for in fragments that have directives, and fails on. */
function plannable(operation: OperationDefinitionNode): OperationDefinitionNode {
  const strip = ({ selections }: SelectionSetNode): SelectionSetNode => ({
    kind: Kind.SELECTION_SET,
    selections: selections.flatMap((selection): SelectionNode[] => {
      if (selection.kind === Kind.FIELD) return isIntrospection(selection.name.value) ? [] : [selection];
      if (selection.kind === Kind.FRAGMENT_SPREAD) return [selection];
      const selectionSet = strip(selection.selectionSet);
      return selectionSet.selections.length === 0 ? [] : [{ ...selection, selectionSet }];
    }),
  });
  return { ...operation, selectionSet: strip(operation.selectionSet) };
}

function isIntrospection(name: string): boolean {
  return name === '__schema' || name === '__type';
}
