import { configOptionNames } from './config-file.ts';
import type { GatewayOptions } from './options.ts';

const known = new Set([...configOptionNames, 'logger']);

/**
 * Refuses what types do not keep from JavaScript: a misspelt option would be passed over, and its default taken.
 * @throws TypeError that names it.
 */
export function refuseUnknownOptions(options: GatewayOptions): void {
  const unknown = Object.keys(options).filter((name) => !known.has(name));
  if (unknown.length > 0) throw new TypeError(`the gateway has no option ${unknown.join(', ')}`);
  if (typeof (options as { supergraph?: unknown }).supergraph !== 'object')
    throw new TypeError(
      "supergraph must be where it comes from, such as supergraphFile('supergraph.graphql')",
    );
}
