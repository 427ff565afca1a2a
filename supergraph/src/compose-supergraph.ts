import { composeServices, type CompositionResult } from '@apollo/composition';
import { GraphQLError, parse, printSchema, Source, type DocumentNode } from 'graphql';

/** The schema of a subgraph as text. */
export interface SubgraphSource {
  readonly name: string;
  readonly url: string;
  /** The schema definition, Federation 2 directives included. */
  readonly sdl: string;
  /** What to call the text in a message: a path. Default: the subgraph's name. */
  readonly origin?: string;
}

/** Something that keeps subgraphs from being composed. */
export interface CompositionProblem {
  /** The code of the federation's catalogue (`FIELD_TYPE_MISMATCH`), or `SYNTAX`. */
  readonly code: string;
  readonly message: string;
  /** Where, as `subgraph origin:line:column`, as far as it is known; a conflict names a place in each subgraph. */
  readonly places: readonly string[];
}

/** A supergraph, or everything that stands in the way of one. */
export type Composition =
  | {
      readonly ok: true;
      /** What the gateway loads: the schema with its join directives. */
      readonly supergraph: string;
      /** What clients see. */
      readonly apiSchema: string;
    }
  | { readonly ok: false; readonly problems: readonly CompositionProblem[] };

/**
 * Composes subgraphs into a supergraph (Apollo Federation 2).
 * Two calls with the same subgraphs give the same text, byte for byte.
 */
export function composeSupergraph(sources: readonly SubgraphSource[]): Composition {
  const origins = new Map(sources.map((source) => [source.name, source.origin ?? source.name]));
  const problems: CompositionProblem[] = [];
  const definitions: { name: string; url: string; typeDefs: DocumentNode }[] = [];
  for (const { name, url, sdl } of sources) {
    try {
      definitions.push({ name, url, typeDefs: parse(new Source(sdl, origins.get(name))) });
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      problems.push({
        code: 'SYNTAX',
        message: `[${name}] ${error.message}`,
        places: places(error, origins, name),
      });
    }
  }
  if (problems.length > 0) return { ok: false, problems };

  const composed: CompositionResult = composeServices(definitions);
  if (composed.errors !== undefined) {
    return { ok: false, problems: composed.errors.map((error) => describe(error, origins)) };
  }
  const apiSchema = composed.schema.toAPISchema().toGraphQLJSSchema();
  return {
    ok: true,
    supergraph: withNewline(composed.supergraphSdl),
    apiSchema: withNewline(printSchema(apiSchema)),
  };
}

function describe(error: GraphQLError, origins: ReadonlyMap<string, string>): CompositionProblem {
  const code = error.extensions['code'];
  return {
    code: typeof code === 'string' ? code : 'UNKNOWN',
    message: error.message,
    places: places(error, origins),
  };
}

/** Composition marks each node it complains about with the subgraph it came from. */
function places(error: GraphQLError, origins: ReadonlyMap<string, string>, subgraph?: string): string[] {
  const nodes: readonly { readonly loc?: unknown; readonly subgraph?: unknown }[] = error.nodes ?? [];
  const locations = error.locations ?? [];
  return locations.map(({ line, column }, index) => {
    const marked = nodes[index]?.subgraph;
    const name = subgraph ?? (typeof marked === 'string' ? marked : undefined);
    return name === undefined
      ? `${line}:${column}`
      : `${name} ${origins.get(name) ?? name}:${line}:${column}`;
  });
}

function withNewline(text: string): string {
  return `${text.trimEnd()}\n`;
}
