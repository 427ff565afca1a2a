import type { Random } from '../random.ts';
import { namedTypeOf, type FieldModel, type ObjectModel } from './model.ts';
import { isLeaf, keyField, range } from './random-fields.ts';

/** Lets some fields require fields of other subgraphs, with and without arguments. */
export function addRequirements(random: Random, objects: readonly ObjectModel[]): void {
  for (const object of objects) {
    if (object.kind !== 'entity') continue;
    for (const subgraph of object.subgraphs) {
      if (!random.chance(0.5)) continue;
      const foreign = object.fields.filter(
        ({ owners, overridden, requires, type, name }) =>
          !owners.includes(subgraph) &&
          overridden === undefined &&
          requires === undefined &&
          !['id', 'code', 'tag', 'spot'].includes(name) &&
          (isLeaf(namedTypeOf(type)) || isSharedValue(objects, namedTypeOf(type), subgraph)),
      );
      for (const index of range(1 + random.below(2))) {
        const needed = foreign.filter(() => random.chance(0.6)).slice(0, 2);
        if (needed.length === 0) continue;
        const requires = needed.map((field) => requirement(random, objects, field)).join(' ');
        for (const field of needed) {
          field.solid = true;
          field.externalIn.add(subgraph);
        }
        object.fields.push({
          ...keyField(`${object.name.toLowerCase()}r${subgraph}${index}`, [subgraph], 'String'),
          type: { kind: 'named', name: 'String', nonNull: false },
          requires,
        });
      }
    }
  }
}

function requirement(random: Random, objects: readonly ObjectModel[], field: FieldModel): string {
  const args = {
    '': [''],
    '(n: Int)': ['', '(n: 1)', '(n: 2)', '(n: null)'],
    '(n: Int = 3)': ['', '(n: 1)', '(n: null)'],
    '(n: Int! = 2, color: Color = RED)': ['', '(n: 4)', '(color: BLUE, n: 1)'],
    '(filter: Filter)': ['', '(filter: { least: 1 })', '(filter: { least: 2, not: { color: RED } })'],
    '(colors: [Color!] = [RED])': ['', '(colors: [])', '(colors: [BLUE, RED])'],
  }[field.args] ?? [''];
  const selected = `${field.name}${random.pick(args)}`;
  const value = objects.find(({ kind, name }) => kind === 'value' && name === namedTypeOf(field.type));
  if (value === undefined) return selected;
  const inner = value.fields.filter(({ type }) => isLeaf(namedTypeOf(type)));
  for (const within of inner) within.solid = true;
  return `${selected} { ${inner.map((within) => requirement(random, objects, within)).join(' ')} }`;
}

function isSharedValue(objects: readonly ObjectModel[], name: string, subgraph: string): boolean {
  return objects.some(
    (object) =>
      object.kind === 'value' &&
      object.name === name &&
      object.subgraphs.includes(subgraph) &&
      object.fields.some(({ type }) => isLeaf(namedTypeOf(type))),
  );
}

/** Lets some fields tell a little of the entity that they lead to. */
export function addProvisions(
  random: Random,
  objects: readonly ObjectModel[],
  leading: readonly FieldModel[],
): void {
  for (const field of leading) {
    const entity = objects.find(({ kind, name }) => kind === 'entity' && name === namedTypeOf(field.type));
    if (entity === undefined || !random.chance(0.3)) continue;
    const [owner] = field.owners;
    const offered = entity.fields.find(
      ({ owners, overridden, args, requires, type, solid, inaccessible }) =>
        !owners.includes(owner!) &&
        overridden === undefined &&
        args === '' &&
        requires === undefined &&
        inaccessible !== true &&
        !solid &&
        isLeaf(namedTypeOf(type)),
    );
    if (offered === undefined) continue;
    (field.provides as Map<string, string>).set(owner!, offered.name);
    offered.externalIn.add(owner!);
    offered.shared = true;
  }
}
