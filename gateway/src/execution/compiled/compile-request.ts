import type { FetchNode } from '@apollo/query-planner';
import type { WrittenRequest } from '../../subgraph/subgraph-client.ts';
import type { Generation } from '../../supergraph/generation.ts';
import type { CompiledRun } from './compiled-run.ts';

/**
 * Makes a request.
 * @param representations the entities to ask for, as the items of a JSON list, for each variable that was compiled; none when undefined.
 */
export type MakeRequest = (
  run: CompiledRun,
  representations: readonly (string | undefined)[],
) => WrittenRequest;

/**
 * Writes once what every request of an operation has in common; the text is what `subgraphRequest` of the interpreter comes to.
 * @param representations the variables that hold representations; undefined for one that has none.
 */
export function compileRequest(
  generation: Generation,
  node: Pick<FetchNode, 'serviceName' | 'operation' | 'operationKind' | 'operationName' | 'variableUsages'>,
  representations: readonly (string | undefined)[],
): MakeRequest {
  const subgraph = generation.subgraphs.get(node.serviceName);
  if (subgraph === undefined)
    throw new Error(`the plan names a subgraph ${node.serviceName} that is not there`);
  const start = `{"query":${JSON.stringify(node.operation)},"variables":{`;
  const name =
    node.operationName === undefined ? '' : `,"operationName":${JSON.stringify(node.operationName)}`;
  const end = `}${name}}`;
  const prefixOf = (variable: string): string => `${JSON.stringify(variable)}:`;
  const variables = (node.variableUsages ?? []).map((variable) => ({ variable, prefix: prefixOf(variable) }));
  const lists = representations.flatMap((variable, index) =>
    variable === undefined ? [] : [{ index, prefix: `${prefixOf(variable)}[` }],
  );
  const repeatable = node.operationKind === 'query';
  const isConstant = variables.length === 0 && lists.length === 0;
  // In one piece: a string that was put together is copied before it is sent, and this one is sent again and again.
  const whole = isConstant ? Buffer.from(start + end).toString() : '';
  return ({ variables: values, context, signal, deadlineAt }, items) => {
    if (isConstant) return { subgraph, body: whole, context, signal, deadlineAt, repeatable };
    let body = start;
    let separator = '';
    for (const { variable, prefix } of variables) {
      if (!Object.hasOwn(values, variable)) continue;
      body += separator + prefix + JSON.stringify(values[variable]);
      separator = ',';
    }
    for (const { index, prefix } of lists) {
      body += `${separator}${prefix}${items[index] ?? ''}]`;
      separator = ',';
    }
    return { subgraph, body: body + end, context, signal, deadlineAt, repeatable };
  };
}
