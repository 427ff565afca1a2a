import { createLogger, type Logger } from '@trellis/lifecycle';
import { parse, type OperationDefinitionNode } from 'graphql';
import { createRecordingLogger } from '../../../tests/support/recording-logger.ts';
import { checkDocument, documentKey } from '../operation/check-document.ts';
import { planOperation } from '../operation/plan-operation.ts';
import { compose } from '../testing/compose.ts';
import { librarySubgraphs, peopleSubgraph } from '../testing/library-graph.ts';
import type { Generation } from './generation.ts';
import { createSupergraphStore } from './supergraph-store.ts';

const sdlOf = (subgraphs: readonly (typeof librarySubgraphs)[number][]): string =>
  compose(subgraphs.map(({ name, typeDefs }) => ({ name, typeDefs, url: `http://${name}.invalid/graphql` })));

describe('the store of supergraphs', () => {
  const first = sdlOf(librarySubgraphs);
  const second = sdlOf([peopleSubgraph]);
  const create = (logger: Logger = createLogger('gateway', 'silent')) =>
    createSupergraphStore(first, { subgraphUrls: {} }, logger);

  it('changes for another supergraph and not for the same', () => {
    const store = create();

    expect([first, second, second, first].map((sdl) => store.replace(sdl))).toEqual([
      false,
      true,
      false,
      true,
    ]);
  });

  it('refuses what cannot be served once, and again when there was another in between', () => {
    const store = create();
    const refused = 'type Query { x: Int }';

    expect(() => store.replace(refused)).toThrow('the supergraph cannot be served');
    expect(store.replace(refused)).toBe(false);
    expect(store.current().supergraphSdl).toBe(first);
    expect(store.replace(first)).toBe(false);
    expect(() => store.replace(refused)).toThrow('the supergraph cannot be served');
  });

  it('tells every listener of a change, whatever another one throws, and logs that', () => {
    const { logger, lines } = createRecordingLogger();
    const store = create(logger);
    const told: Generation[] = [];
    let isFirst = true;
    store.onChange(() => {
      if (!isFirst) throw new Error('no room');
      isFirst = false;
    });
    store.onChange((generation) => told.push(generation));

    expect(store.replace(second)).toBe(true);

    expect(told.map(({ supergraphSdl }) => supergraphSdl)).toEqual([first, second]);
    expect(store.current().supergraphSdl).toBe(second);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { level: 50, msg: 'a listener has failed on the new supergraph', err: { message: 'no room' } },
      { level: 30, msg: 'a new supergraph is in service' },
    ]);
  });

  it('does not tell a listener any more that has failed on the first', () => {
    const { logger, lines } = createRecordingLogger();
    const store = create(logger);

    expect(() =>
      store.onChange(() => {
        throw new Error('no room');
      }),
    ).toThrow('no room');
    store.replace(second);

    expect(lines).toHaveLength(1);
  });

  it('forgets the operations of the supergraph before, for which they can still be planned', () => {
    const store = create();
    const before = store.current();
    const source = '{ people { name } }';
    const document = parse(source);
    const operation = document.definitions[0] as OperationDefinitionNode;
    checkDocument(before, source);
    const planned = planOperation(before, source, document, operation);
    before.known.remember(source, '', planned);

    store.replace(second);

    expect(before.documents.get(documentKey(source))).toBeUndefined();
    expect(before.plans.get(`${source}:`)).toBeUndefined();
    expect(before.known.find(source, '')).toBeUndefined();
    expect(planOperation(before, source, document, operation).plan).toEqual(planned.plan);
  });
});
