import { parse, validate, type GraphQLError } from 'graphql';
import type { Generation } from '../supergraph/generation.ts';
import { createLibraryGeneration } from '../testing/library-generation.ts';
import { checkDocument } from './check-document.ts';
import { findInvalid, rememberInvalid } from './invalid-documents.ts';
import { createOperationCaches } from './operation-caches.ts';

const library = createLibraryGeneration();
const source = '{\n  nothing\n  me { nmae }\n}';

/** The library's generation with caches of its own, and one with the same that nobody may validate with. */
function caches(bytes: number, now?: () => number): { generation: Generation; validated: Generation } {
  const generation = { ...library, ...createOperationCaches(bytes, now) };
  const validated = {
    ...generation,
    get apiSchema(): never {
      throw new Error('validated again');
    },
  };
  return { generation, validated };
}

const errorsOf = (generation: Generation): readonly GraphQLError[] => {
  const checked = checkDocument(generation, source);
  if (checked.kind === 'valid') throw new Error('it is valid');
  return checked.errors;
};

describe('an invalid document', () => {
  it('is told the same again without being validated again, each time by errors of its own', () => {
    const { generation, validated } = caches(1_000_000);
    const first = errorsOf(generation);
    const told = JSON.stringify(first);
    first[0]!.extensions['written'] = 'by a plugin';
    const second = errorsOf(validated);

    expect(JSON.parse(told)).toMatchObject([
      { locations: [{ line: 2, column: 3 }], extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
      { locations: [{ line: 3, column: 8 }] },
    ]);
    expect(JSON.stringify(second)).toBe(told);
    expect(errorsOf(validated)[0]).not.toBe(second[0]);
  });

  it('is validated again after some minutes', () => {
    let now = 1;
    const { generation, validated } = caches(1_000_000, () => now);
    errorsOf(generation);

    now += 299_999;
    expect(() => errorsOf(validated)).not.toThrow();
    now += 2;
    expect(() => errorsOf(validated)).toThrow('validated again');
  });

  it('is not kept where it would take the place of nearly all others', () => {
    const { generation, validated } = caches(10_000);
    errorsOf(generation);

    expect(() => errorsOf(validated)).toThrow('validated again');
  });

  it('leaves its syntax tree behind', () => {
    const { invalid } = createOperationCaches(1_000_000);
    rememberInvalid(invalid, 'key', validate(library.apiSchema, parse(source)));

    expect(JSON.stringify(invalid.get('key'))).not.toMatch(/startToken|selectionSet/);
    expect(findInvalid(invalid, 'key')).toHaveLength(2);
    expect(findInvalid(invalid, 'other')).toBeUndefined();
  });
});
