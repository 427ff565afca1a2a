import { splitResult } from './split-result.ts';
import type { MergedPart } from '../schedule/merge-operations.ts';

const parts: readonly MergedPart[] = [
  { kind: 'entities', key: 'entities0', variable: 'representations0' },
  { kind: 'root' },
  { kind: 'entities', key: 'entities2', variable: 'representations2' },
];
const everyPart = [0, 1, 2];

describe('the answer to a merged request', () => {
  it('is what each fetch’s own operation would have been answered', () => {
    const data = { entities0: [{ name: 'Ada' }], me: { name: 'Grace' }, entities2: [] };

    const answers = splitResult({ data, errors: [] }, parts, everyPart);

    expect([...answers.values()]).toEqual([
      { kind: 'result', result: { data: { _entities: [{ name: 'Ada' }] }, errors: [] } },
      { kind: 'result', result: { data: { me: { name: 'Grace' } }, errors: [] } },
      { kind: 'result', result: { data: { _entities: [] }, errors: [] } },
    ]);
  });

  it('gives an error to the fetch that it is about', () => {
    const answers = splitResult(
      {
        data: { entities0: [null], me: null, entities2: [{}] },
        errors: [
          { message: 'a', path: ['entities0', 0, 'name'] },
          { message: 'b', path: ['me', 'name'] },
        ],
      },
      parts,
      everyPart,
    );

    expect(errorsOf(answers)).toEqual([
      [{ message: 'a', path: ['_entities', 0, 'name'] }],
      [{ message: 'b', path: ['me', 'name'] }],
      [],
    ]);
  });

  it('gives an error without a place to every fetch', () => {
    const error = { message: 'too complex' };

    const answers = splitResult({ data: undefined, errors: [error] }, parts, everyPart);

    expect(errorsOf(answers)).toEqual([[error], [error], [error]]);
  });

  it('is lost for the fetches that another one’s error took the data from', () => {
    const errors = [{ message: 'a', path: ['entities0'] }];

    const answers = splitResult({ data: null, errors }, parts, [0, 2]);

    expect([...answers]).toEqual([
      [0, { kind: 'result', result: { data: null, errors: [{ message: 'a', path: ['_entities'] }] } }],
      [2, { kind: 'lost' }],
    ]);
  });
});

function errorsOf(answers: ReturnType<typeof splitResult>): unknown[] {
  return [...answers.values()].map((answer) => (answer.kind === 'result' ? answer.result.errors : 'lost'));
}
