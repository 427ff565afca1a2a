/** Writes `supergraph.graphql` again after a schema of the bundled graph changed. */
import { writeFileSync } from 'node:fs';
import { composeBundledSupergraph } from './compose.ts';

writeFileSync(new URL('supergraph.graphql', import.meta.url), `${composeBundledSupergraph().trim()}\n`);
