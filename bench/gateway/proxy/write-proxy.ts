import { operationFromDocument, Supergraph } from '@apollo/federation-internals';
import { QueryPlanner, type PlanNode } from '@apollo/query-planner';
import { parse } from 'graphql';
import type { Operation } from '../data-set.ts';
import { subgraphUrls } from '../supergraph-urls.ts';
import { writeFetch } from './write-fetch.ts';
import { writeProjection } from './write-projection.ts';

/**
 * Writes the module of a proxy that answers certain queries and no other: what a person would write by hand who knows the schema, the
 * subgraphs and the queries, and has no GraphQL library. For each query it makes the fetches that the stock planner plans, in the same
 * order and with the same bodies; it parses each response, joins entities by position, and builds the answer field by field.
 * @returns a module whose `answers` has, for the text of each query, a function from `post` to the answer's JSON.
 * @throws Error for a query that needs more than fetches in sequence and in parallel, or fields of abstract types.
 */
export function writeProxy(supergraphSdl: string, operations: readonly Operation[]): string {
  const supergraph = Supergraph.build(supergraphSdl);
  const planner = new QueryPlanner(supergraph);
  const apiSchema = supergraph.apiSchema();
  const clientSchema = apiSchema.toGraphQLJSSchema();
  const urls = subgraphUrls(supergraphSdl);
  const functions = operations.map(({ name, query }) => {
    const document = parse(query);
    const { node } = planner.buildQueryPlan(operationFromDocument(apiSchema, document));
    if (node === undefined || node.kind === 'Subscription') throw new Error(`"${name}" is not a query`);
    const projection = writeProjection(clientSchema, document);
    return `
async function ${name}(post) {
${projection.functions}
  const data = {};
  ${writeNode(node, [], urls)}
  return JSON.stringify({ data: ${projection.call('data')} });
}`;
  });
  const entries = operations.map(({ name, query }) => `  ${JSON.stringify(query)}: ${name},`);
  return `${functions.join('\n')}\n\nexport const answers = {\n${entries.join('\n')}\n};\n`;
}

/** @param path response names from the root to the objects that the node works on; `@` stands for the items of a list. */
function writeNode(node: PlanNode, path: readonly string[], urls: Readonly<Record<string, string>>): string {
  switch (node.kind) {
    case 'Sequence':
      return node.nodes.map((each) => writeNode(each, path, urls)).join('\n  ');
    case 'Parallel': {
      const branches = node.nodes.map((each) => `(async () => {\n  ${writeNode(each, path, urls)}\n  })(),`);
      return `await Promise.all([\n  ${branches.join('\n  ')}\n  ]);`;
    }
    case 'Flatten':
      return writeNode(node.node, [...path, ...node.path.map(String)], urls);
    case 'Fetch': {
      const url = urls[node.serviceName];
      if (url === undefined) throw new Error(`the supergraph has no subgraph ${node.serviceName}`);
      return writeFetch(node, path, url);
    }
    default:
      throw new Error(`nobody would write a ${node.kind} node by hand`);
  }
}
