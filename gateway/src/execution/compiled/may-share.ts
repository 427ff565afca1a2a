import type { FetchedFields } from '../schedule/fetched-fields.ts';
import type { PlanFetch } from '../schedule/plan-fetches.ts';

/**
 * Whether objects that are represented alike may get the very same containers, instead of copies, from the answer for them. They may when each place
 * of the response is filled by one fetch: what later fetches add within such a container is then a function of the container alone, and the same
 * wherever it stands.
 */
export function mayShare(fetches: readonly PlanFetch[], fields: readonly FetchedFields[]): boolean {
  const filled = new Set<string>();
  return fetches.every(({ node }, index) => {
    const { containers } = fields[index]!;
    const free = [...containers].every((place) => !filled.has(place));
    for (const place of containers) filled.add(place);
    // Rewrites put fields elsewhere than the operation says.
    return free && node.outputRewrites === undefined;
  });
}
