import { objectsAlong, targetsAt } from './target.ts';

const data = {
  a: { b: [{ c: { n: 1 } }, null, { c: null }, { c: { n: 2 } }] },
  grid: [[{ n: 1 }], null, [{ n: 2 }, { n: 3 }]],
};
const root = [{ object: data, path: [] }];

describe('targetsAt', () => {
  it('finds objects in lists, with where they stand', () => {
    expect(targetsAt(root, ['a', 'b', '@', 'c'])).toEqual([
      { object: { n: 1 }, path: ['a', 'b', 0, 'c'] },
      { object: { n: 2 }, path: ['a', 'b', 3, 'c'] },
    ]);
  });

  it('finds objects in lists of lists', () => {
    expect(targetsAt(root, ['grid', '@', '@']).map(({ path }) => path)).toEqual([
      ['grid', 0, 0],
      ['grid', 2, 0],
      ['grid', 2, 1],
    ]);
  });

  it('goes on from targets that were found before', () => {
    const [first] = targetsAt(root, ['a']);

    expect(targetsAt([first!], ['b', '@', 'c'])).toHaveLength(2);
  });

  it.each([[['x']], [['a', '@']], [['a', 'b', 'c']], [['a', 'b', '@', 'c', 'n']]])(
    'finds nothing where data is of another shape: %j',
    (path) => {
      expect(targetsAt(root, path)).toEqual([]);
    },
  );
});

describe('objectsAlong', () => {
  it('lists the objects on the way, without the lists', () => {
    expect(objectsAlong(data, ['a', 'b', 0, 'c'])).toEqual([data, data.a, data.a.b[0], { n: 1 }]);
  });
});
