export { createGateway, type Gateway } from './create-gateway.ts';
export { ConfigFileError, defineConfig, type GatewayConfig } from './config-file.ts';
export type { GatewayOptions } from './options.ts';
export { createLogger, PortTakenError, type Logger, type LogLevel, type Stoppable } from '@trellis/lifecycle';
export { exportSigningKey, generateSigningKey, importSigningKey, type SigningKey } from '@trellis/auth';
export type {
  HeaderRules,
  InsertRequestHeader,
  PropagateRequestHeader,
  RemoveRequestHeader,
  RequestHeaderRule,
  ResponseHeaderRule,
} from './subgraph/headers/header-rules.ts';
export type { SubgraphRules } from './subgraph/traffic/traffic-options.ts';
export type { CircuitBreakerRules, TrafficRules } from './subgraph/traffic/traffic-rules.ts';
export type { TokenRules } from './security/authenticate.ts';
export { settingsTable } from './env.ts';
export { errorCodes, type ErrorCode } from './error-codes.ts';
export {
  fixedSupergraph,
  type SourceServices,
  type StandaloneSource,
  type SupergraphSource,
} from './supergraph/supergraph-source.ts';
export { supergraphFile } from './supergraph/file-source.ts';
export { supergraphUrl } from './supergraph/url-source.ts';
export { introspectedSupergraph } from './supergraph/introspection-source.ts';
export { uplinkSupergraph, type UplinkGraph, type UplinkOptions } from './supergraph/uplink-source.ts';
export { SupergraphRefusedError } from './supergraph/generation.ts';
export { TrellisGateway } from './drop-in/trellis-gateway.ts';
export type { TrellisGatewayOptions } from './drop-in/trellis-gateway-options.ts';
export type { DataSource, DataSourceRequest, SubgraphDefinition } from './subgraph/data-source.ts';
export type { MessageLogger } from './supergraph/message-logger.ts';
export type {
  SupergraphManager,
  SupergraphSdlHook,
  SupergraphSdlHookOptions,
} from './supergraph/manager-source.ts';
