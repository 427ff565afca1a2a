import { printSubgraph } from './print-subgraph.ts';
import { randomModel } from './random-model.ts';

describe('made-up graphs', () => {
  const printed = Array.from({ length: 150 }, (_, seed) => {
    const model = randomModel(seed);
    return model.subgraphs.map((subgraph) => printSubgraph(model, subgraph)).join('\n');
  });

  it.each([
    ['compound keys', /@key\(fields: "code tag"\)/],
    ['keys within objects', /@key\(fields: "spot \{ row \}"\)/],
    ['keys that are not resolvable', /resolvable: false/],
    ['shared fields', /f\d[^,}]*@shareable/],
    ['shared fields that one subgraph promises more of', /(e\df\d: \w+)!.*@shareable[^]*\1 @shareable/],
    ['required fields', /@requires\(fields: "\w+"\)/],
    ['required fields with arguments', /@requires\(fields: "[^"]*\(/],
    ['required fields within objects', /@requires\(fields: "[^"]*\{ v\df\d/],
    ['provided fields', /@provides/],
    ['overridden fields', /@override/],
    ['hidden fields', /@inaccessible/],
    ['interfaces', /interface I\d [^]*implements I0/],
    ['unions', /union U\d = \w+ \|/],
    ['interface objects', /@interfaceObject/],
    ['lists of lists', /: \[\[\w+!?\]!?\]/],
    ['enums and custom scalars', /: Color[^]*: Blob/],
    ['mutations', /type Mutation/],
  ])('have %s, some of them', (_what, pattern) => {
    const having = printed.filter((text) => pattern.test(text.slice(text.indexOf('type Query'))));

    expect(having.length).toBeGreaterThan(5);
  });
});
