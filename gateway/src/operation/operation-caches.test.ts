import type { PlannedOperation } from './planned-operation.ts';
import { createOperationCaches, forgetOperations } from './operation-caches.ts';
import { checkDocument, documentKey } from './check-document.ts';
import { createLibraryGeneration } from '../testing/library-generation.ts';

const kibibyte = 1024;

/** A planned operation whose plan is of about so many bytes as JSON. */
const planned = (length: number): PlannedOperation =>
  ({ plan: { kind: 'QueryPlan', padding: ' '.repeat(length) } }) as unknown as PlannedOperation;

describe('what operations leave behind', () => {
  it('is kept however large a plan is, and of the largest ones two', () => {
    const { plans } = createOperationCaches(64 * kibibyte);
    for (const key of ['a', 'b', 'c']) plans.set(key, planned(100 * kibibyte));

    expect(['a', 'b', 'c'].map((key) => plans.get(key) !== undefined)).toEqual([false, true, true]);
  });

  it('is bounded by what it weighs together', () => {
    const { plans } = createOperationCaches(256 * kibibyte);
    const keys = Array.from({ length: 100 }, (_, index) => String(index));
    for (const key of keys) plans.set(key, planned(0));

    // A plan weighs two kibibytes and some more; a quarter of all is for plans.
    expect(keys.filter((key) => plans.get(key) !== undefined).length).toBeLessThan(32);
    expect(plans.get('99')).toBeDefined();
  });

  it('is forgotten altogether when its supergraph is replaced', () => {
    const generation = createLibraryGeneration();
    const source = '{ me { name } }';
    checkDocument(generation, source);
    checkDocument(generation, '{ nothing }');
    generation.plans.set('a', planned(0));
    generation.refusals.set('b', new Error('no'));
    generation.known.remember(source, '', planned(0));

    forgetOperations(generation);

    expect(generation.documents.get(documentKey(source))).toBeUndefined();
    expect(generation.invalid.get(documentKey('{ nothing }'))).toBeUndefined();
    expect(generation.plans.get('a')).toBeUndefined();
    expect(generation.refusals.get('b')).toBeUndefined();
    expect(generation.known.find(source, '')).toBeUndefined();
  });
});
