export { createGateway, type Gateway } from './create-gateway.ts';
export type { GatewayOptions } from './options.ts';
export type { TokenRules } from './security/authenticate.ts';
export { settingsTable } from './env.ts';
export { errorCodes, type ErrorCode } from './error-codes.ts';
export { fixedSupergraph, type SupergraphSource } from './supergraph/supergraph-source.ts';
export { supergraphFile } from './supergraph/file-source.ts';
export { supergraphUrl } from './supergraph/url-source.ts';
export { SupergraphRefusedError } from './supergraph/generation.ts';
