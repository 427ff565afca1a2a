import { describe, expect, it } from '@jest/globals';
import { buildSchema } from 'graphql';
import { composeSupergraph, type SubgraphSource } from './compose-supergraph.ts';
import { generatedFiles, readIfPresent, repositoryRoot } from './generated-files.ts';
import { readSubgraphs } from './read-subgraphs.ts';
import { subgraphs } from './subgraphs.ts';

const link =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@inaccessible"])';

describe('composing a supergraph', () => {
  it('joins the subgraphs, and hides from clients what is inaccessible', () => {
    const composition = composeSupergraph([
      subgraph(
        'a',
        `${link} type Query { me: User } type User @key(fields: "id") { id: ID! secret: Int @inaccessible }`,
      ),
      subgraph('b', `${link} type User @key(fields: "id") { id: ID! age: Int }`),
    ]);

    if (!composition.ok) throw new Error('does not compose');
    expect(composition.supergraph).toContain('@join__graph(name: "b", url: "http://b/graphql")');
    const user = buildSchema(composition.apiSchema).getType('User');
    expect(user).toHaveProperty('_fields', expect.anything());
    expect(composition.apiSchema).toContain('age: Int');
    expect(composition.apiSchema).not.toContain('secret');
    expect(composition.apiSchema).not.toContain('join__');
  });

  it('names every syntax error with its subgraph and place', () => {
    const composition = composeSupergraph([
      subgraph('a', 'type Query {'),
      subgraph('b', 'type Query { me: }'),
    ]);

    expect(composition).toEqual({
      ok: false,
      problems: [
        {
          code: 'SYNTAX',
          message: '[a] Syntax Error: Expected Name, found <EOF>.',
          places: ['a a.graphql:1:13'],
        },
        {
          code: 'SYNTAX',
          message: '[b] Syntax Error: Expected Name, found "}".',
          places: ['b b.graphql:1:18'],
        },
      ],
    });
  });

  it('names a conflict with a place in each subgraph', () => {
    const composition = composeSupergraph([
      subgraph(
        'a',
        'type Query { now: Int @shareable } extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@shareable"])',
      ),
      subgraph(
        'b',
        'type Query { now: String @shareable } extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@shareable"])',
      ),
    ]);

    if (composition.ok) throw new Error('composes');
    expect(composition.problems).toHaveLength(1);
    expect(composition.problems[0]).toMatchObject({
      code: 'FIELD_TYPE_MISMATCH',
      places: ['a a.graphql:1:14', 'b b.graphql:1:14'],
    });
  });

  it('names a directive that a subgraph does not know with its place', () => {
    const composition = composeSupergraph([subgraph('a', 'type Query { me: Int @nothing }')]);

    expect(composition).toMatchObject({ ok: false, problems: [{ places: ['a a.graphql:1:22'] }] });
  });
});

describe('the supergraph in the repository', () => {
  it.each(['supergraph', 'apiSchema'] as const)('is what the subgraphs compose to: %s', (kind) => {
    const composition = composeSupergraph(readSubgraphs(repositoryRoot, subgraphs));

    if (!composition.ok) throw new Error('does not compose');
    expect(readIfPresent(repositoryRoot + generatedFiles[kind])).toBe(composition[kind]);
  });
});

function subgraph(name: string, sdl: string): SubgraphSource {
  return { name, url: `http://${name}/graphql`, sdl, origin: `${name}.graphql` };
}
