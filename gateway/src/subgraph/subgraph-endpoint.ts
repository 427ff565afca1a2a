/** A subgraph as the supergraph names it. */
export interface SubgraphEndpoint {
  readonly name: string;
  readonly url: string;
}
