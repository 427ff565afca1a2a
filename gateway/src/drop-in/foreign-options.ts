/** Options of `ApolloGateway` that are not taken, with what to do instead. */
const insteadOf: Readonly<Record<string, string>> = {
  serviceList: 'pass supergraphSdl: new IntrospectAndCompose({ subgraphs })',
  localServiceList: 'compose the supergraph and pass it as supergraphSdl',
  experimental_updateServiceDefinitions: 'pass a function as supergraphSdl',
  experimental_updateSupergraphSdl: 'pass a function as supergraphSdl',
  schemaConfigDeliveryEndpoint: 'pass uplinkEndpoints',
  introspectionHeaders: 'pass them to IntrospectAndCompose',
  pollIntervalInMs: 'pass it to IntrospectAndCompose, or fallbackPollIntervalInMs for Uplink',
  fetcher: 'pass data sources with a fetcher of their own by buildService',
};

/** @throws TypeError for an option that would otherwise be ignored, though something depends on it. */
export function refuseForeignOptions(options: object): void {
  for (const [name, instead] of Object.entries(insteadOf)) {
    if (Object.hasOwn(options, name)) throw new TypeError(`TrellisGateway does not take ${name}: ${instead}`);
  }
}
