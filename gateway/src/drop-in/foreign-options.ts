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

/** Options of `ApolloGateway` on which no answer depends. */
const withoutEffect = new Set([
  'debug',
  'telemetry',
  'queryPlannerConfig',
  'validateSupergraph',
  '__exposeQueryPlanExperimental',
  'experimental_didResolveQueryPlan',
  'experimental_didUpdateSupergraph',
  'experimental_approximateQueryPlanStoreMiB',
  'experimental_autoFragmentization',
]);

/**
 * Tells foreign options from misspelt ones.
 * @param known every option that is taken.
 * @returns options that have no effect here.
 * @throws TypeError for an option that would otherwise be ignored, though something may depend on it.
 */
export function checkOptions(options: object, known: ReadonlySet<string>): string[] {
  const ignored: string[] = [];
  for (const name of Object.keys(options)) {
    const instead = insteadOf[name];
    if (instead !== undefined) throw new TypeError(`TrellisGateway does not take ${name}: ${instead}`);
    if (withoutEffect.has(name)) ignored.push(name);
    else if (!known.has(name)) throw new TypeError(`TrellisGateway does not know the option ${name}`);
  }
  return ignored;
}
