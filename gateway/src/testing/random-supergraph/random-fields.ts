import type { Random } from '../random.ts';
import type { FieldModel, TypeModel } from './model.ts';

export const leaves = ['Int', 'Float', 'String', 'Boolean', 'ID', 'Color', 'Blob'];

export function isLeaf(type: string): boolean {
  return leaves.includes(type);
}

export function range(length: number): number[] {
  return Array.from({ length }, (_, index) => index);
}

export function shuffled<T>(random: Random, items: readonly T[]): T[] {
  const from = [...items];
  return range(items.length).map(() => from.splice(random.below(from.length), 1)[0]!);
}

/** A type with lists and non-nulls around it. */
export function wrapped(random: Random, name: string): TypeModel {
  const named: TypeModel = { kind: 'named', name, nonNull: random.chance(0.4) };
  if (random.chance(0.65)) return named;
  const list: TypeModel = { kind: 'list', of: named, nonNull: random.chance(0.4) };
  return random.chance(0.8) ? list : { kind: 'list', of: list, nonNull: random.chance(0.4) };
}

/** A field that never fails. */
export function keyField(name: string, owners: readonly string[], typeName: string): FieldModel {
  return {
    name,
    type: { kind: 'named', name: typeName, nonNull: true },
    args: '',
    owners,
    provides: new Map(),
    externalIn: new Set(),
    solid: true,
    shared: owners.length > 1,
  };
}
