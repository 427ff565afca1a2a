import type { GatewayGraphQLRequestContext, GatewayGraphQLResponse } from '@apollo/server-gateway-interface';

/** A subgraph as `@apollo/gateway` calls it. */
export interface SubgraphDefinition {
  readonly name: string;
  readonly url?: string;
}

/** What a data source is asked, in the shape of `@apollo/gateway` 2. */
export interface DataSourceRequest {
  /** `incoming operation`, `health check` or `loading schema`. */
  readonly kind: string;
  readonly request: GatewayGraphQLRequestContext['request'];
  /** The context value that Apollo Server made for the client's request; empty for the other kinds. */
  readonly context: Record<string, unknown>;
  /** The client's request as Apollo Server knows it. */
  readonly incomingRequestContext?: GatewayGraphQLRequestContext;
}

/**
 * Speaks with one subgraph. `RemoteGraphQLDataSource` of `@apollo/gateway` and its subclasses are data sources, so `willSendRequest`,
 * `didReceiveResponse` and the like go on working.
 */
export interface DataSource {
  // A method, because data sources of `@apollo/gateway` take an enum for the kind.
  process(request: DataSourceRequest): Promise<GatewayGraphQLResponse>;
}
