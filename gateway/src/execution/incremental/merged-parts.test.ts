import fc from 'fast-check';
import { execute, Kind, parse, print, visit, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import { propertyRuns } from '../../../../tests/support/property-parameters.ts';
import { formatError } from '../../security/present-errors.ts';
import { createInProcessGraph, type InProcessGraph } from '../../testing/in-process-graph.ts';
import { librarySubgraphs } from '../../testing/library-graph.ts';
import { deferRandomly } from '../../testing/random-defer.ts';
import { randomOperation } from '../../testing/random-operation.ts';
import { createRandomGraph } from '../../testing/random-supergraph/random-graph.ts';

const graph = createInProcessGraph(librarySubgraphs);
const { apiSchema, executionSchema } = graph.generation;

interface Merged {
  readonly data: unknown;
  readonly errors: readonly GraphQLFormattedError[];
  readonly fragments: number;
  /** Whether a null propagated up to a deferred fragment, and stopped there. */
  readonly hasNulled: boolean;
}

/** What a client has in the end. */
async function mergedAnswer(
  asked: InProcessGraph,
  query: string,
  variables: Readonly<Record<string, unknown>>,
): Promise<Merged> {
  const answer = await asked.executeInParts(query, variables);
  const initial = answer.kind === 'parts' ? answer.initial : answer.result;
  const data = structuredClone(JSON.parse(JSON.stringify(initial.data ?? null)) as unknown);
  const errors = (initial.errors ?? []).map(formatError);
  let fragments = 0;
  let hasNulled = false;
  if (answer.kind === 'parts') {
    for await (const delivery of answer.later) {
      for (const { fragment, data: own, errors: told } of delivery.fragments) {
        errors.push(...told.map(formatError));
        if (own === undefined) continue;
        fragments += 1;
        if (own === null) hasNulled = true;
        else merge(at(data, fragment.path) as object, JSON.parse(JSON.stringify(own)) as object);
      }
    }
  }
  return { data, errors, fragments, hasNulled };
}

/** What stands at a path, if anything. */
function at(value: unknown, path: readonly (string | number)[]): unknown {
  let found = value;
  for (const step of path) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = Object.getOwnPropertyDescriptor(found, step)?.value as unknown;
  }
  return found;
}

function merge(into: object, from: object): void {
  for (const [key, value] of Object.entries(from)) {
    const before = Object.getOwnPropertyDescriptor(into, key)?.value as unknown;
    const deep = typeof before === 'object' && before !== null && typeof value === 'object' && value !== null;
    if (deep) merge(before, value as object);
    else Object.defineProperty(into, key, { value, enumerable: true, writable: true, configurable: true });
  }
}

function textOf({ message, path, extensions }: GraphQLFormattedError): string {
  return JSON.stringify([path, message, extensions?.['code']]);
}

const typeKey = 'typeOfIt';

/** Asks for the type of every object, so that what was merged can be checked against the schema. */
function withTypes(query: string): string {
  return print(
    visit(parse(query), {
      Field: (field) =>
        field.selectionSet === undefined
          ? undefined
          : {
              ...field,
              selectionSet: {
                ...field.selectionSet,
                selections: [
                  {
                    kind: Kind.FIELD,
                    alias: { kind: Kind.NAME, value: typeKey },
                    name: { kind: Kind.NAME, value: '__typename' },
                  } as const,
                  ...field.selectionSet.selections,
                ],
              },
            },
    }),
  );
}

/** Lets nulls propagate as they would have, had nothing stopped them (specification, section 6.4.4). */
function propagated(schema: GraphQLSchema, query: string, data: unknown, variables: object): unknown {
  const result = execute({
    schema,
    document: parse(query),
    rootValue: data,
    variableValues: { ...variables },
    fieldResolver: (source, _arguments, _context, { path }) =>
      Object.getOwnPropertyDescriptor(source as object, path.key)?.value as unknown,
    typeResolver: (value) => (value as Record<string, string>)[typeKey],
  });
  if (result instanceof Promise) throw new Error('nothing here waits');
  return JSON.parse(JSON.stringify(result.data)) as unknown;
}

/** `npm run test:properties` tries far more. */
const longSearch = 3_600_000;

describe('an operation that is answered in parts', () => {
  // Without its type, an object that a subgraph knows by its interface alone stays of no type for as long as it can.
  it.each([
    ['and asks for the type of every object', true],
    ['and asks for types now and then', false],
  ])(
    'comes to the same as the operation without @defer %s',
    async (_what, isTyped) => {
      let fragments = 0;
      let nulled = 0;
      await fc.assert(
        fc.asyncProperty(fc.integer(), fc.boolean(), fc.boolean(), async (seed, yes, no) => {
          const random = randomOperation(apiSchema, seed);
          const plain = isTyped ? withTypes(random) : random;
          const inline = await graph.interpret(plain, { yes, no });
          const merged = await mergedAnswer(graph, deferRandomly(plain, seed), { yes, no });
          graph.sent.length = 0;
          fragments += merged.fragments;
          if (merged.hasNulled) nulled += 1;
          else {
            expect(merged.data).toEqual(inline.data);
            // Of an object that became null, which of its errors are told depends on which was first.
            const standing = (errors: readonly GraphQLFormattedError[]): string[] => [
              ...new Set(errors.filter(({ path = [] }) => at(merged.data, path.slice(0, -1))).map(textOf)),
            ];
            expect(standing(merged.errors).sort()).toEqual(standing(inline.errors ?? []).sort());
          }
          if (isTyped)
            expect(propagated(executionSchema, plain, merged.data, { yes, no })).toEqual(inline.data);
        }),
        { numRuns: propertyRuns(20) },
      );
      expect(fragments).toBeGreaterThan(50);
      expect(nulled).toBeGreaterThan(0);
    },
    longSearch,
  );

  it(
    'comes to the same on graphs made up at random',
    async () => {
      let fragments = 0;
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 2_000, max: 1_000_000 }), async (seed) => {
          const made = createRandomGraph(seed);
          if (made === undefined) return;
          for (const number of [0, 2]) {
            const { query, variables } = made.request(number);
            if (!query.startsWith('query')) continue;
            made.tell(number, { errors: 0, nulls: 0 });
            const inline = await made.graph.interpret(query, variables);
            const merged = await mergedAnswer(made.graph, deferRandomly(query, seed, []), variables);
            fragments += merged.fragments;
            expect({ query, data: merged.data, errors: merged.errors }).toEqual({
              query,
              data: inline.data,
              errors: inline.errors ?? [],
            });
          }
        }),
        { numRuns: propertyRuns(15) },
      );
      expect(fragments).toBeGreaterThan(5);
    },
    longSearch,
  );
});
