import { parse, type OperationDefinitionNode } from 'graphql';
import { createLibraryGeneration } from '../testing/library-generation.ts';
import { assertPlannable } from './operation-size.ts';
import { planOperation } from './plan-operation.ts';

/** Fragments that each spread the next one twice: two to the power of `depth` selections of the last one’s field. */
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
    expect(check(bomb(13))).not.toThrow();
    expect(check(bomb(14))).toThrow(tooLarge);
  });

  it('is found without spreading them', () => {
    expect(check(bomb(200))).toThrow(tooLarge);
  });

  it('counts what stands in inline fragments and fields', () => {
    const fields = (count: number): string =>
      Array.from({ length: count }, (_, index) => `a${index}: name`).join(' ');

    expect(check(`{ ... { me { ${fields(9_998)} } } }`)).not.toThrow();
    expect(check(`{ ... { me { ${fields(9_999)} } } }`)).toThrow(tooLarge);
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
