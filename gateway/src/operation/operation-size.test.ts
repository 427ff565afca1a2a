import { parse, type OperationDefinitionNode } from 'graphql';
import { createLibraryGeneration } from '../testing/library-generation.ts';
import {
  assertPlannable,
  isTooDeep,
  maxConditionalSelections,
  maxDocumentDepth,
  maxSelections,
} from './operation-size.ts';
import { planOperation } from './plan-operation.ts';

/** Fragments that each spread the next one twice: two to the power of `depth` selections of the last one’s field, and nearly twice as many spreads. */
function bomb(depth: number): string {
  const fragments = Array.from(
    { length: depth },
    (_, index) => `fragment F${index} on Query { ...F${index + 1} ...F${index + 1} }`,
  );
  return `{ ...F0 } ${fragments.join(' ')} fragment F${depth} on Query { version }`;
}

const tooLarge = expect.objectContaining({
  extensions: expect.objectContaining({ code: 'OPERATION_TOO_LARGE' }) as unknown,
}) as Error;

describe('the size of an operation', () => {
  const check = (source: string) => () => {
    const document = parse(source);
    assertPlannable(document, document.definitions[0] as OperationDefinitionNode);
  };

  it('is that with its fragments spread', () => {
    // 1 + 2 + 4 + … + 512 spreads, and 512 fields.
    expect(check(bomb(9))).not.toThrow();
    expect(check(bomb(10))).toThrow(tooLarge);
  });

  it('is found without spreading them', () => {
    expect(check(bomb(200))).toThrow(tooLarge);
  });

  it('counts what stands in inline fragments and fields', () => {
    const fields = (count: number): string =>
      Array.from({ length: count }, (_, index) => `a${index}: name`).join(' ');

    expect(check(`{ ... { me { ${fields(maxSelections - 2)} } } }`)).not.toThrow();
    expect(check(`{ ... { me { ${fields(maxSelections - 1)} } } }`)).toThrow(tooLarge);
  });

  it('is bounded lower for what stands under conditions, which keep copies apart', () => {
    const fields = (count: number, then = ''): string =>
      Array.from({ length: count }, (_, index) => `a${index}: name ${then}`).join(' ');
    const under = (count: number) => `query ($v: Boolean!) { me @include(if: $v) { ${fields(count)} } }`;

    expect(check(under(maxConditionalSelections - 1))).not.toThrow();
    expect(check(under(maxConditionalSelections))).toThrow(tooLarge);
    expect(check(`{ me { ${fields(maxConditionalSelections + 1, '@skip(if: false)')} } }`)).not.toThrow();
  });

  it('counts copies that fragments under opposite conditions make', () => {
    const copies = (depth: number): string => {
      const indexes = Array.from({ length: depth }, (_, index) => index);
      return `query (${indexes.map((index) => `$v${index}: Boolean = true`).join(' ')}) { people { ...F0 } }
        ${indexes.map((index) => `fragment F${index} on Person { ...F${index + 1} @include(if: $v${index}) ...F${index + 1} @skip(if: $v${index}) }`).join(' ')}
        fragment F${depth} on Person { name manager { name } reviews { stars } }`;
    };

    expect(check(copies(4))).not.toThrow();
    expect(check(copies(10))).toThrow(tooLarge);
  });

  it.each<[string, (depth: number) => string]>([
    ['fields', (depth) => `{ ${'me {'.repeat(depth - 1)} name ${'}'.repeat(depth - 1)} }`],
    ['inline fragments', (depth) => `{ ${'... {'.repeat(depth - 1)} name ${'}'.repeat(depth - 1)} }`],
    ['a list', (depth) => `{ echo(value: ${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}) }`],
    ['a default', (depth) => `query ($v: JSON = ${'['.repeat(depth)}${']'.repeat(depth)}) { version }`],
    ['an object', (depth) => `{ a @b(c: ${'{a:'.repeat(depth - 1)}1${'}'.repeat(depth - 1)}) }`],
    [
      'fragments',
      (depth) =>
        `{ ...F1 } ${Array.from({ length: depth - 2 }, (_, index) => `fragment F${index + 1} on Query { ...F${index + 2} }`).join(' ')} fragment F${depth - 1} on Query { version }`,
    ],
  ])('is bounded in the depth of %s', (_what, nested) => {
    expect(isTooDeep(parse(nested(maxDocumentDepth)))).toBe(false);
    expect(isTooDeep(parse(nested(maxDocumentDepth + 1)))).toBe(true);
    expect(check(nested(maxDocumentDepth + 1))).toThrow(tooLarge);
  });

  it('is told of a document whose fragments go round in a circle', () => {
    expect(isTooDeep(parse('{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }'))).toBe(
      false,
    );
  });

  it('is looked at before the planner spreads it', () => {
    const document = parse(bomb(14));

    expect(() =>
      planOperation(
        createLibraryGeneration(),
        'bomb',
        document,
        document.definitions[0] as OperationDefinitionNode,
      ),
    ).toThrow(tooLarge);
  });
});
