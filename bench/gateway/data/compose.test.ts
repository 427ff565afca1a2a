import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse, print } from 'graphql';
import { composeBundledSupergraph } from './compose.ts';

describe('the bundled supergraph', () => {
  it('is what the schemas compose to (bench/gateway/data/write-supergraph.ts writes it)', () => {
    const written = readFileSync(new URL('supergraph.graphql', import.meta.url), 'utf8');
    expect(print(parse(written))).toBe(print(parse(composeBundledSupergraph())));
  });
});
