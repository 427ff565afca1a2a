/** The type of a field. */
export type TypeModel =
  | { readonly kind: 'named'; readonly name: string; readonly nonNull: boolean }
  | { readonly kind: 'list'; readonly of: TypeModel; readonly nonNull: boolean };

/** A field as the whole graph has it, and what subgraphs make of it. */
export interface FieldModel {
  readonly name: string;
  readonly type: TypeModel;
  /** Its arguments as the schema language has them, with their brackets, or nothing. */
  readonly args: string;
  /** The subgraphs that resolve it. */
  readonly owners: readonly string[];
  /** A subgraph that has it too, but whose resolver must not be asked any more. */
  readonly overridden?: string | undefined;
  /** What its owner needs of other subgraphs first. */
  readonly requires?: string | undefined;
  /** What a subgraph can tell of the entity in the field, by subgraph. */
  readonly provides: ReadonlyMap<string, string>;
  /** Subgraphs that mention it because they require or provide it. */
  readonly externalIn: Set<string>;
  /** It never fails, and is null only where it may be: keys and what is required. */
  solid: boolean;
  /** Subgraphs that share it declare it so. */
  shared: boolean;
  readonly inaccessible?: boolean | undefined;
  /** An owner that promises more than the others: it is never null. */
  readonly strictIn?: string | undefined;
}

export interface KeyModel {
  readonly fields: string;
  readonly resolvable: boolean;
}

export interface ObjectModel {
  readonly kind: 'entity' | 'value';
  readonly name: string;
  readonly subgraphs: readonly string[];
  /** By subgraph; values have none. */
  readonly keys: ReadonlyMap<string, readonly KeyModel[]>;
  readonly fields: FieldModel[];
}

export interface InterfaceModel {
  readonly name: string;
  /** What it is made of in each subgraph that has it. */
  readonly fieldsIn: ReadonlyMap<string, readonly string[]>;
  readonly implementers: readonly string[];
  /** The subgraph that can tell what an object of it is, when another has it as an object. */
  readonly home?: string | undefined;
  /** The subgraph that has it as an object, and the fields that it adds. */
  readonly asObject?: { readonly subgraph: string; readonly fields: readonly FieldModel[] } | undefined;
}

export interface UnionModel {
  readonly name: string;
  readonly membersIn: ReadonlyMap<string, readonly string[]>;
}

/** A graph as a whole, and its division into subgraphs. */
export interface GraphModel {
  readonly subgraphs: readonly string[];
  readonly objects: readonly ObjectModel[];
  readonly interfaces: readonly InterfaceModel[];
  readonly unions: readonly UnionModel[];
  readonly query: readonly FieldModel[];
  readonly mutation: readonly FieldModel[];
}

export function printType(type: TypeModel): string {
  const inner = type.kind === 'named' ? type.name : `[${printType(type.of)}]`;
  return type.nonNull ? `${inner}!` : inner;
}

/** The type's name without lists. */
export function namedTypeOf(type: TypeModel): string {
  return type.kind === 'named' ? type.name : namedTypeOf(type.of);
}

/**
 * The object types that a field's value can have: those that all its owners know.
 * @returns undefined for a leaf.
 */
export function possibleTypes(model: GraphModel, field: FieldModel): readonly string[] | undefined {
  const name = namedTypeOf(field.type);
  if (model.objects.some((object) => object.name === name)) return [name];
  const union = model.unions.find((candidate) => candidate.name === name);
  const type = model.interfaces.find((candidate) => candidate.name === name);
  if (union === undefined && type === undefined) return undefined;
  const known = field.owners.map((subgraph) => {
    if (union !== undefined) return union.membersIn.get(subgraph) ?? [];
    if (type?.asObject?.subgraph === subgraph) return type.implementers;
    return (type?.implementers ?? []).filter((implementer) => isIn(model, implementer, subgraph));
  });
  const [first = [], ...others] = known;
  return first.filter((candidate) => others.every((types) => types.includes(candidate)));
}

function isIn(model: GraphModel, object: string, subgraph: string): boolean {
  return model.objects.some(({ name, subgraphs }) => name === object && subgraphs.includes(subgraph));
}
