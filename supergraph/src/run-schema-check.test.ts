import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { composeSupergraph } from './compose-supergraph.ts';
import { generatedFiles } from './generated-files.ts';
import { readSubgraphs } from './read-subgraphs.ts';
import { runSchemaCheck } from './run-schema-check.ts';
import { subgraphs } from './subgraphs.ts';

const link =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])';
const products = `${link}
  type Product @key(fields: "id") { id: ID! name: String! price: Int! shelf: Shelf! }
  enum Shelf { LOW HIGH }
  input Filter { text: String shelf: Shelf }
  type Query {
    "One product."
    product(id: ID!): Product
    products(filter: Filter, first: Int = 10): [Product!]!
  }`;
const orders = `${link}
  type Order @key(fields: "id") { id: ID! quantity: Int! }
  type Query { order(id: ID!): Order }`;
const users = `${link}
  type User @key(fields: "id") { id: ID! }
  type Query { me: User }`;
const client = `
  query Browse($filter: Filter) { products(filter: $filter) { ...Card } }
  query One($id: ID!) { product(id: $id) { id } }
  fragment Card on Product { name shelf }`;

const operationsFile = 'packages/client/operations/shop.graphql';
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'trellis-schema-check-'));
  git('init', '--quiet', '--initial-branch=main');
  write('subgraphs/products/schema.graphql', products);
  write('subgraphs/orders/schema.graphql', orders);
  write('subgraphs/users/schema.graphql', users);
  write(operationsFile, client);
  const composition = composeSupergraph(readSubgraphs(root, subgraphs));
  if (!composition.ok) throw new Error('the fixtures do not compose');
  write(generatedFiles.apiSchema, composition.apiSchema);
  commit();
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('schema:check', () => {
  it('passes when nothing changed', async () => {
    const result = await check('--base', 'main');

    expect(result).toEqual({ exitCode: 0, output: 'the API schema is the same' });
  });

  it('passes safe changes, and reports a new type as one', async () => {
    change('type Query {', 'type Query { brands: [Brand!]!').change(
      'enum Shelf',
      'type Brand { name: String! } enum Shelf',
    );

    const { exitCode, output } = await check('--base', 'main');

    expect(exitCode).toBe(0);
    expect(output).toContain("safe       Type 'Brand' was added");
    expect(output).toContain('0 breaking, 0 dangerous, 2 safe');
  });

  it('passes dangerous changes, and names the operations they touch', async () => {
    change('first: Int = 10', 'first: Int = 20');

    const { exitCode, output } = await check('--base', 'main');

    expect(exitCode).toBe(0);
    expect(output).toMatch(/^dangerous {2}Default value for argument 'first'/);
    expect(output).toContain(`touches query Browse (${operationsFile})`);
    expect(output).not.toContain('query One');
  });

  it('fails on a removed field, and names the operation that asks for it through a fragment', async () => {
    change('name: String! ', '');

    const { exitCode, output } = await check('--base', 'main');

    expect(exitCode).toBe(1);
    expect(output).toMatch(/^breaking {3}Field 'name' was removed/);
    expect(output).toContain(`breaks query Browse (${operationsFile})`);
    expect(output).toContain('Cannot query field "name" on type "Product".');
    expect(output).not.toContain('query One');
  });

  it('fails on a change that no operation is refused for, and names those that depend on it', async () => {
    change('shelf: Shelf! ', 'shelf: Shelf ');

    const { exitCode, output } = await check('--base', 'main');

    expect(exitCode).toBe(1);
    expect(output).toContain(`breaks query Browse (${operationsFile})`);
    expect(output).not.toContain('refuses');
  });

  it('fails on an input field that became required, for whoever sends such an input in a variable', async () => {
    change('text: String ', 'text: String! ');

    const { exitCode, output } = await check('--base', 'main');

    expect(exitCode).toBe(1);
    expect(output).toContain(`breaks query Browse (${operationsFile})`);
  });

  it('reports a required argument although the description of its field is new too', async () => {
    change('products(filter', '"All." products(by: ID!, filter');

    const { exitCode, output } = await check('--base', 'main');

    expect(exitCode).toBe(1);
    expect(output).toContain("breaking   Argument 'by: ID!' added to field 'Query.products'");
  });

  it('protects deployed clients: an operation that was changed along with the schema breaks as it is at the base', async () => {
    change('name: String! ', 'title: String! ');
    write(operationsFile, client.replace('name', 'title'));

    const { exitCode, output } = await check('--base', 'main');

    expect(exitCode).toBe(1);
    expect(output).toContain(`query Browse (${operationsFile} at main)`);
    expect(output).not.toContain(`query Browse (${operationsFile})`);
  });

  it('fails on an operation of the working tree that the schema never allowed', async () => {
    write(operationsFile, `${client} query Wrong { nothing }`);

    const { exitCode, output } = await check('--base', 'main');

    expect(exitCode).toBe(1);
    expect(output).toContain(`query Wrong (${operationsFile})`);
  });

  it('checks the operations of further clients', async () => {
    write('apps/kiosk/prices.graphql', '{ products { price } }');
    change('price: Int! ', '');

    const { exitCode, output } = await check('--base', 'main', '--operations', 'apps/**/*.graphql');

    expect(exitCode).toBe(1);
    expect(output).toContain('breaks query (anonymous) (apps/kiosk/prices.graphql)');
  });

  it('fails when the subgraphs do not compose, and says where', async () => {
    change('price: Int! ', 'price: Int! @shareable ');
    write(
      'subgraphs/orders/schema.graphql',
      `${orders} type Product @key(fields: "id") { id: ID! price: String! @shareable }`,
    );

    const { exitCode, output } = await check('--base', 'main');

    expect(exitCode).toBe(1);
    expect(output).toContain('FIELD_TYPE_MISMATCH');
    expect(output).toMatch(/at products subgraphs\/products\/schema\.graphql:2:\d+/);
    expect(output).toMatch(/at orders subgraphs\/orders\/schema\.graphql:\d+:\d+/);
  });

  it('tells how it is used when it is asked', async () => {
    expect(await check('--help')).toEqual({
      exitCode: 0,
      output: 'usage: npm run schema:check -- --base REF [--operations GLOB]...',
    });
  });

  it.each([
    ['no base', [], '--base is missing'],
    ['an unknown option', ['--bas', 'main'], "Unknown option '--bas'"],
    ['a ref that is none', ['--base', 'nowhere'], 'nowhere is not a commit of this repository'],
    ['a ref that looks like an option', ['--base=--help'], '--help is not a commit of this repository'],
    [
      'a glob without files',
      ['--base', 'main', '--operations', 'app/*'],
      '--operations app/* matches no file',
    ],
  ])('could not run: %s', async (_, args, message) => {
    const { exitCode, output } = await check(...args);

    expect(exitCode).toBe(2);
    expect(output).toContain(message);
  });

  it('could not run: the ref has no API schema', async () => {
    git('rm', '--quiet', generatedFiles.apiSchema);
    commit();

    const { exitCode, output } = await check('--base', 'main');

    expect(exitCode).toBe(2);
    expect(output).toContain(`main has no ${generatedFiles.apiSchema} to compare with`);
  });

  it('could not run: operations that are not GraphQL', async () => {
    write(operationsFile, 'query {');

    const { exitCode, output } = await check('--base', 'main');

    expect(exitCode).toBe(2);
    expect(output).toContain(`${operationsFile} is not GraphQL`);
  });

  it('could not run: the schema of a subgraph is missing', async () => {
    rmSync(join(root, 'subgraphs/users/schema.graphql'));

    const { exitCode, output } = await check('--base', 'main');

    expect(exitCode).toBe(2);
    expect(output).toContain('subgraphs/users/schema.graphql');
  });
});

function check(...args: string[]): ReturnType<typeof runSchemaCheck> {
  return runSchemaCheck(args, root);
}

/** Changes the schema of products in the working tree. */
function change(from: string, to: string, text = products): { change(from: string, to: string): void } {
  if (!text.includes(from)) throw new Error(`the schema has no "${from}"`);
  const changed = text.replace(from, to);
  write('subgraphs/products/schema.graphql', changed);
  return { change: (again, into) => void change(again, into, changed) };
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function commit(): void {
  git('add', '--all');
  git('-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '--quiet', '--message=schema');
}

function git(...args: string[]): void {
  execFileSync('git', ['-C', root, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
}
