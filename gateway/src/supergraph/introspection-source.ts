import { composeServices } from '@apollo/composition';
import { parse, type DocumentNode } from 'graphql';
import { SubrequestFailure } from '../subgraph/subrequest-failure.ts';
import { poll } from './poll.ts';
import { shownUrl } from './shown-url.ts';
import type { SourceServices, SupergraphSource } from './supergraph-source.ts';

/** Subgraphs that do not make a supergraph now, and may in a moment. `detail` is for health checks: it names subgraphs and no address. */
export class NotComposedError extends Error {
  override readonly name = 'NotComposedError';
  readonly detail: string;
  constructor(message: string, detail: string) {
    super(message);
    this.detail = detail;
  }
}

interface Introspected {
  readonly name: string;
  readonly url: string;
  readonly sdl: string;
  readonly typeDefs: DocumentNode;
}

/**
 * A supergraph composed of the schemas that subgraphs tell when they are asked (`{ _service { sdl } }`), again and again.
 * A gateway that starts before its subgraphs waits for them. Later, the supergraph in service stays while one of them is away.
 * @param subgraphs their URLs by name.
 * @param pollMs how long after one round they are asked again.
 */
export function introspectedSupergraph(
  subgraphs: Readonly<Record<string, string>>,
  pollMs = 10_000,
): SupergraphSource {
  const endpoints = Object.entries(subgraphs).map(([name, url]) => ({ name, url }));
  /** Composing takes long, and equal schemas make an equal supergraph, or an equal refusal. */
  let last: { readonly of: string; readonly compose: () => string } | undefined;
  let compose: () => Promise<string>;
  return {
    retryMs: Math.min(pollMs, 2_000),
    load(services) {
      compose = async () => {
        const introspected = await introspectAll(endpoints, services);
        const of = JSON.stringify(introspected.map(({ sdl }) => sdl));
        if (last?.of !== of) last = { of, compose: outcomeOf(() => composed(introspected)) };
        return last.compose();
      };
      return compose();
    },
    watch: (...listeners) => poll(pollMs, () => compose(), ...listeners),
  };
}

async function introspectAll(
  endpoints: readonly { readonly name: string; readonly url: string }[],
  { getDataSource }: SourceServices,
): Promise<Introspected[]> {
  const failures = new Map<string, { readonly sentence: string; readonly detail: string }>();
  const introspected = await Promise.all(
    endpoints.map(async ({ name, url }) => {
      try {
        const request = { query: '{ _service { sdl } }' };
        const source = getDataSource({ name, url });
        const { data, errors } = await source.process({ kind: 'loading schema', request, context: {} });
        const sdl = (data?.['_service'] as { sdl?: unknown } | null | undefined)?.sdl;
        if (typeof sdl !== 'string') {
          throw new Error(
            `it does not tell its schema${errors?.[0] === undefined ? '' : `: ${errors[0].message}`}`,
          );
        }
        return [{ name, url, sdl, typeDefs: parse(sdl) }];
      } catch (error) {
        const isFailure = error instanceof SubrequestFailure;
        const why = isFailure ? error.reason : (error as Error).message;
        failures.set(name, {
          sentence: `${name} at ${shownUrl(url)} (${why})`,
          detail: `${name}: ${isFailure ? error.code : 'does not tell its schema'}`,
        });
        return [];
      }
    }),
  );
  // In the order in which they were named, not in that in which they failed: equal troubles are told in equal words.
  const inOrder = endpoints.flatMap(({ name }) => failures.get(name) ?? []);
  if (inOrder.length === 0) return introspected.flat();
  throw new NotComposedError(
    `subgraphs cannot be introspected: ${inOrder.map(({ sentence }) => sentence).join(', ')}`,
    `waits for subgraphs: ${inOrder.map(({ detail }) => detail).join(', ')}`,
  );
}

function composed(subgraphs: readonly Introspected[]): string {
  const { supergraphSdl, errors } = composeServices(
    subgraphs.map(({ name, url, typeDefs }) => ({ name, url, typeDefs })),
  );
  if (supergraphSdl !== undefined) return supergraphSdl;
  throw new NotComposedError(
    `the subgraphs do not compose: ${errors?.map(({ message }) => message).join('; ')}`,
    'the subgraphs do not compose; the log says why',
  );
}

/** Runs something once, for what it gives or throws each time. */
function outcomeOf<T>(run: () => T): () => T {
  try {
    const value = run();
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}
