import type { Logger } from '@trellis/lifecycle';
import { Kind, visit, type FragmentDefinitionNode } from 'graphql';
import type { PlannedOperation } from '../../operation/planned-operation.ts';
import type { Generation } from '../../supergraph/generation.ts';
import { compilePlan } from './compile-plan.ts';
import { compileProjection, type Projection, type Selected } from './compile-projection.ts';
import type { Step } from './compiled-run.ts';
import { conditionVariables } from '../../operation/condition-variables.ts';
import { unfit } from './unfit.ts';

/** A query or mutation turned into closures that know its plan and its shape. */
export interface CompiledOperation {
  readonly execute: Step;
  /**
   * The writer of the response for some values of the variables.
   * @returns undefined when a condition has no value, which is an error, and when its writer has failed.
   */
  projection(coercedVariables: Readonly<Record<string, unknown>>): Projection | undefined;
}

/** Each combination of conditions has its projection; an operation with more conditions than this is left to the interpreter. */
const maxConditions = 5;

/**
 * Compiles an operation at its first use; what was made is kept as long as the plan is.
 * @returns undefined for operations that are left to the interpreter: introspection, arguments from the context, many conditions, and what the
 * compiler fails on.
 */
export type CompileOperation = (
  generation: Generation,
  planned: PlannedOperation,
) => CompiledOperation | undefined;

/**
 * @param mergesFetches fetches for one subgraph that can be made together travel as one request.
 * @param logger is told, once for each operation, of what the compiler fails on.
 */
export function createCompiler(mergesFetches: boolean, logger: Logger): CompileOperation {
  const compiled = new WeakMap<PlannedOperation, CompiledOperation | 'not compiled'>();
  return (generation, planned) => {
    let known = compiled.get(planned);
    if (known === undefined) {
      // The interpreter can answer what this cannot: clients should not have to wait until it is mended.
      const tell = (err: unknown): void =>
        logger.error({ err, operationName: planned.operation.name?.value }, 'an operation is not compiled');
      try {
        known = compile(generation, planned, mergesFetches, tell) ?? 'not compiled';
      } catch (error) {
        tell(error);
        known = 'not compiled';
      }
      compiled.set(planned, known);
    }
    return known === 'not compiled' ? undefined : known;
  };
}

/** @param tell is told what the response's writer fails on; graphql-js shapes the response then. */
function compile(
  generation: Generation,
  planned: PlannedOperation,
  mergesFetches: boolean,
  tell: (failure: unknown) => void,
): CompiledOperation | undefined {
  const { document, operation, plan } = planned;
  if (operation.operation === 'subscription' || introspects(planned)) return undefined;
  const names = conditionVariables(document);
  if (names.length > maxConditions) return undefined;
  const { node } = plan;
  if (node?.kind === 'Subscription') return undefined;
  const execute = node === undefined ? async () => {} : compilePlan(generation, node, mergesFetches);
  if (execute === undefined) return undefined;

  const fragments: Record<string, FragmentDefinitionNode> = Object.create(null) as Record<string, never>;
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  }
  const projections = new Map<number, Projection | 'not compiled'>();
  return {
    execute,
    projection(coercedVariables) {
      let combination = 0;
      const conditions: Record<string, boolean> = {};
      for (const [index, name] of names.entries()) {
        const value = coercedVariables[name];
        if (typeof value !== 'boolean') return undefined;
        conditions[name] = value;
        if (value) combination |= 1 << index;
      }
      const known = projections.get(combination);
      if (known !== undefined) return known === 'not compiled' ? undefined : known;
      const { clientKeys } = planned;
      const selected = { clientKeys, schema: generation.executionSchema, operation, fragments, conditions };
      const projection = unlessItFails(selected, (failure) => {
        tell(failure);
        projections.set(combination, 'not compiled');
      });
      projections.set(combination, projection);
      return projection;
    },
  };
}

/** A projection is compiled as it is used, type by type, so it may fail on what no response had before. */
function unlessItFails(selected: Selected, onFailure: (failure: unknown) => void): Projection {
  let project: Projection | undefined;
  return (run) => {
    try {
      project ??= compileProjection(selected);
      return project(run);
    } catch (error) {
      if (error !== unfit) onFailure(error);
      throw unfit;
    }
  };
}

function introspects({ document }: PlannedOperation): boolean {
  let found = false;
  visit(document, {
    Field({ name }) {
      found ||= name.value === '__schema' || name.value === '__type';
    },
  });
  return found;
}
