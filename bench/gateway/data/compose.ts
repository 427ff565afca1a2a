import { readFileSync } from 'node:fs';
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';

const names = ['catalogue', 'listeners', 'notes', 'pressings'] as const;

/** The supergraph of the bundled schemas, whose subgraphs are at `http://127.0.0.1:4301/NAME`. */
export function composeBundledSupergraph(): string {
  return composeSupergraph(
    names.map((name) => ({
      name,
      url: `http://127.0.0.1:4301/${name}`,
      schema: readFileSync(new URL(`schemas/${name}.graphql`, import.meta.url), 'utf8'),
    })),
  );
}

/** @throws Error with everything that composition found. */
export function composeSupergraph(
  subgraphs: readonly { readonly name: string; readonly url: string; readonly schema: string }[],
): string {
  const { supergraphSdl, errors } = composeServices(
    subgraphs.map(({ name, url, schema }) => ({ name, url, typeDefs: parse(schema) })),
  );
  if (supergraphSdl === undefined) {
    throw new Error(`the schemas do not compose: ${(errors ?? []).map((error) => error.message).join('; ')}`);
  }
  return supergraphSdl;
}
