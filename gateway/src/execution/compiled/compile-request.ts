import type { FetchNode } from '@apollo/query-planner';
import type { WrittenRequest } from '../../subgraph/subgraph-client.ts';
import type { Generation } from '../../supergraph/generation.ts';
import type { CompiledRun } from './compiled-run.ts';

/** Makes a fetch's request. @param representations the entities to ask for, as the items of a JSON list. */
export type MakeRequest = (run: CompiledRun, representations?: string) => WrittenRequest;

/** Writes once what every request of a fetch has in common; the text is what `subgraphRequest` of the interpreter comes to. */
export function compileRequest(generation: Generation, node: FetchNode): MakeRequest {
  const subgraph = generation.subgraphs.get(node.serviceName);
  if (subgraph === undefined)
    throw new Error(`the plan names a subgraph ${node.serviceName} that is not there`);
  const start = `{"query":${JSON.stringify(node.operation)},"variables":{`;
  const name =
    node.operationName === undefined ? '' : `,"operationName":${JSON.stringify(node.operationName)}`;
  const end = `}${name}}`;
  const variables = (node.variableUsages ?? []).map((variable) => ({
    variable,
    prefix: `${JSON.stringify(variable)}:`,
  }));
  const repeatable = node.operationKind === 'query';
  return ({ variables: values, context, signal, deadlineAt }, representations) => {
    let body = start;
    let separator = '';
    for (const { variable, prefix } of variables) {
      if (!Object.hasOwn(values, variable)) continue;
      body += separator + prefix + JSON.stringify(values[variable]);
      separator = ',';
    }
    if (representations !== undefined) body += `${separator}"representations":[${representations}]`;
    return { subgraph, body: body + end, context, signal, deadlineAt, repeatable };
  };
}
