import { describe, expect, it } from '@jest/globals';
import { subgraphUrls, withSubgraphUrls } from './supergraph-urls.ts';

const supergraph = `
directive @join__graph(name: String!, url: String!) on ENUM_VALUE
enum join__Graph {
  NOTES @join__graph(name: "notes", url: "http://127.0.0.1:4301/notes")
  PRESSINGS
    @join__graph(name: "pressings", url: "http://elsewhere/pressings?x=1")
}`;

describe('the subgraphs of a supergraph', () => {
  it('are where it says', () => {
    expect(subgraphUrls(supergraph)).toEqual({
      notes: 'http://127.0.0.1:4301/notes',
      pressings: 'http://elsewhere/pressings?x=1',
    });
  });

  it('can be moved, and nothing else changes', () => {
    const moved = withSubgraphUrls(supergraph, (name) => `http://here/${name}`);
    expect(subgraphUrls(moved)).toEqual({ notes: 'http://here/notes', pressings: 'http://here/pressings' });
    expect(withSubgraphUrls(moved, (name) => subgraphUrls(supergraph)[name]!)).toBe(supergraph);
  });
});
