/** A subgraph: what it is called in the supergraph, where it usually listens, and the file that is the truth about its schema. */
export interface Subgraph {
  readonly name: string;
  /** Where the gateway finds it when nothing else is said (`GATEWAY_SUBGRAPH_URLS` overrides it). */
  readonly url: string;
  /** Relative to the root of the repository. */
  readonly schema: string;
}

/** The subgraphs of the commerce graph. A new one is added here and nowhere else. */
export const subgraphs: readonly Subgraph[] = [
  { name: 'users', url: 'http://127.0.0.1:4001/graphql', schema: 'subgraphs/users/schema.graphql' },
  { name: 'products', url: 'http://127.0.0.1:4002/graphql', schema: 'subgraphs/products/schema.graphql' },
  { name: 'orders', url: 'http://127.0.0.1:4003/graphql', schema: 'subgraphs/orders/schema.graphql' },
];
