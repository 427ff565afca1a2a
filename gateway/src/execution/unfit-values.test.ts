import { execute, parse, type FormattedExecutionResult } from 'graphql';
import { buildGeneration } from '../supergraph/generation.ts';
import { answerBothWays } from '../testing/answer-both-ways.ts';
import { compose } from '../testing/compose.ts';

const typeDefs = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  scalar Blob
  enum Color { RED GREEN }
  interface Named { name: String }
  type Pen implements Named {
    name: String, int: Int, must: Int!, float: Float, string: String, boolean: Boolean, id: ID
    color: Color, blob: Blob, rows: [[Int!]], pen: Pen, named: Named, any: Any, pens: [Pen!]
  }
  type Ink implements Named { name: String, volume: Int }
  union Any = Pen | Ink
  type Query { pen: Pen }
`;
const generation = buildGeneration(compose([{ name: 'pens', typeDefs, url: 'http://pens.invalid' }]), {
  subgraphUrls: {},
});

/** What the gateway answers when a subgraph has some value under a key of the pen, compiled and not. */
async function answer(query: string, value: object): Promise<FormattedExecutionResult> {
  const { interpreted, compiled } = await answerBothWays(generation, query, {}, () => ({
    data: { pen: value },
  }));
  expect(compiled.text).toBe(interpreted.text);
  return compiled.body;
}

interface Told {
  readonly errors?: readonly { readonly path?: readonly (string | number)[] | undefined }[] | undefined;
}

const placesOf = ({ errors = [] }: Told) => errors.map(({ path }) => path);

const oddValues = [
  ...[
    0,
    -1,
    2 ** 31 - 1,
    2 ** 31,
    -(2 ** 31) - 1,
    1.5,
    1e21,
    '5',
    'text',
    '',
    'RED',
    'BLUE',
    true,
    false,
    null,
  ],
  ...[[], [1], {}, { a: 1 }, [[1, null]], [[1], null], [[1.5]], [['x'], [2]], { 0: [1] }],
].map((value) => [JSON.stringify(value), value] as const);

describe('a value that a subgraph may have no right to', () => {
  it.each(oddValues)('is taken like graphql-js takes it: %s', async (_text, value) => {
    for (const key of ['int', 'must', 'float', 'string', 'boolean', 'id', 'color', 'blob', 'rows']) {
      const query = `{ pen { ${key} name } }`;
      const pen = { [key]: value, name: 'a pen' };
      const document = parse(query);
      const expected = await execute({ schema: generation.apiSchema, document, rootValue: { pen } });

      const body = await answer(query, pen);

      expect({ key, ...body.data }).toEqual({ key, ...expected.data });
      expect(placesOf(body)).toEqual(placesOf(expected));
    }
  });
});

describe('what stands in the place of an object', () => {
  // graphql-js takes whatever is not null for an object, whose fields it does not find.
  it.each([
    ['a number', '{ pen { pen { name } } }', { pen: 5 }, ['pen', 'pen']],
    ['a text', '{ pen { pen { __typename } } }', { pen: 'Pen' }, ['pen', 'pen']],
    ['a list', '{ pen { pen { name } } }', { pen: [{ name: 'a pen' }] }, ['pen', 'pen']],
    ['a number in a list', '{ pen { pens { name } } }', { pens: [{ name: 'a' }, 5] }, ['pen', 'pens', 1]],
    ['a number for an interface', '{ pen { named { name } } }', { named: 5 }, ['pen', 'named']],
    ['a number for a union', '{ pen { any { ... on Ink { volume } } } }', { any: 5 }, ['pen', 'any']],
  ])('is an error when it is %s', async (_what, query, value, path) => {
    const body = await answer(query, value);

    expect(placesOf(body)).toEqual([path]);
    expect(body.data).toEqual({ pen: { [String(path[1])]: null } });
  });
});

describe('an object of an abstract type', () => {
  it.each([
    ['has a type that the schema does not have', { __typename: 'Secret', name: 'x' }],
    ['has a type that is not one of its own', { __typename: 'Color', name: 'x' }],
    ['has no type', { name: 'x' }],
    ['has something else for its type', { __typename: 5, name: 'x' }],
  ])('is an error when it %s, and the operation depends on it', async (_what, value) => {
    for (const key of ['named', 'any']) {
      const body = await answer(`{ pen { ${key} { ... on Ink { volume } } } }`, { [key]: value });

      expect(body.data).toEqual({ pen: { [key]: null } });
      expect(placesOf(body)).toEqual([['pen', key]]);
    }
  });
});
