import type { FetchDataRewrite } from '@apollo/query-planner';
import { buildSchema } from 'graphql';
import type { JsonObject } from '../json.ts';
import { representationOf } from './representation.ts';
import { applyRewrites, isOfType } from './rewrites.ts';

const schema = buildSchema(`
  type Query { media: [Medium] }
  interface Medium { id: ID }
  type Book implements Medium { id: ID, pages: Int }
  type Film implements Medium { id: ID }
`);

describe('applyRewrites', () => {
  const rewrite = (value: JsonObject, ...rewrites: FetchDataRewrite[]) => {
    applyRewrites(schema, rewrites, value);
    return value;
  };

  it('sets a value under a type that the object is of', () => {
    const setter: FetchDataRewrite = {
      kind: 'ValueSetter',
      path: ['... on Book', '__typename'],
      setValueTo: 'Medium',
    };

    expect(rewrite({ __typename: 'Book' }, setter)).toEqual({ __typename: 'Medium' });
    expect(rewrite({ __typename: 'Film' }, setter)).toEqual({ __typename: 'Film' });
  });

  it('renames keys through lists, and leaves no trace of the old one', () => {
    const renamer: FetchDataRewrite = {
      kind: 'KeyRenamer',
      path: ['all', '... on Medium', 'n__alias_0'],
      renameKeyTo: 'n',
    };

    const value = rewrite(
      {
        all: [
          { __typename: 'Book', n__alias_0: 0 },
          null,
          { __typename: 'Film', n__alias_0: null },
          { x: 1 },
        ],
      },
      renamer,
    );

    expect(value).toEqual({
      all: [{ __typename: 'Book', n: 0 }, null, { __typename: 'Film', n: null }, { x: 1 }],
    });
    expect(JSON.stringify(value)).not.toContain('alias');
  });
});

describe('isOfType', () => {
  it('knows types, their interfaces, and that it does not know', () => {
    expect(isOfType(schema, { __typename: 'Book' }, 'Book')).toBe(true);
    expect(isOfType(schema, { __typename: 'Book' }, 'Medium')).toBe(true);
    expect(isOfType(schema, { __typename: 'Book' }, 'Film')).toBe(false);
    expect(isOfType(schema, { __typename: 'Other' }, 'Medium')).toBe(false);
    expect(isOfType(schema, {}, 'Book')).toBeUndefined();
  });
});

describe('representationOf', () => {
  const field = (name: string, ...selections: ReturnType<typeof plain>[]) => ({
    kind: 'Field' as const,
    name,
    ...(selections.length > 0 ? { selections } : {}),
  });
  const plain = (name: string) => ({ kind: 'Field' as const, name });
  const requires = [
    {
      kind: 'InlineFragment' as const,
      typeCondition: 'Book',
      selections: [field('__typename'), field('id'), field('size', plain('width'))],
    },
  ];

  it('selects what is required and nothing else', () => {
    const book = { __typename: 'Book', id: 1, title: 'T', size: { width: 1, height: 2 } };

    expect(representationOf(schema, book, requires)).toEqual({
      __typename: 'Book',
      id: 1,
      size: { width: 1 },
    });
  });

  it('passes nulls and lists on', () => {
    const book = (size: JsonObject['size']) => ({ __typename: 'Book', id: 1, size });

    expect(representationOf(schema, book(null), requires)).toEqual(book(null));
    expect(representationOf(schema, book([{ width: 1 }, null]), requires)).toEqual(
      book([{ width: 1 }, null]),
    );
  });

  it.each([
    ['of another type', { __typename: 'Film', id: 1, size: null }],
    ['of no known type', { id: 1, size: null }],
    ['that lacks a field', { __typename: 'Book', id: 1 }],
    ['that lacks a field within', { __typename: 'Book', id: 1, size: {} }],
    ['that lacks a field within a list', { __typename: 'Book', id: 1, size: [{}] }],
  ])('makes none of an entity %s', (_what, entity) => {
    expect(representationOf(schema, entity as JsonObject, requires)).toBeUndefined();
  });
});
