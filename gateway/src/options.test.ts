import { describe, expect, it } from '@jest/globals';
import { createLogger } from '@trellis/lifecycle';
import { withDefaults } from './options.ts';
import { supergraphFile } from './supergraph/file-source.ts';

const logger = createLogger('test', 'silent');
const supergraph = supergraphFile('supergraph.graphql');

describe('the origins that may call', () => {
  it.each([
    '*',
    'shop.example',
    'https://shop.example/',
    'https://shop.example/cart',
    'https://shop.example:443',
    'capacitor://localhost/',
    'null',
  ])('cannot be %s, which no page comes from', (origin) => {
    const resolving = () =>
      withDefaults({ supergraph, logger, corsOrigins: ['https://shop.example', origin] });

    expect(resolving).toThrow(
      new TypeError(
        `corsOrigins must be origins like https://shop.example.com, without a path; not ${origin}`,
      ),
    );
  });

  it('are taken as browsers send them', () => {
    const corsOrigins = ['https://shop.example', 'http://localhost:8080', 'capacitor://localhost'];

    expect(withDefaults({ supergraph, logger, corsOrigins }).corsOrigins).toEqual(corsOrigins);
  });
});
