import { createRandom, type Random } from '../random.ts';
import type {
  FieldModel,
  GraphModel,
  InterfaceModel,
  KeyModel,
  ObjectModel,
  TypeModel,
  UnionModel,
} from './model.ts';
import { addProvisions, addRequirements } from './random-demands.ts';
import { isLeaf, keyField, leaves, range, shuffled, wrapped } from './random-fields.ts';

const argumentLists = [
  '(n: Int)',
  '(n: Int = 3)',
  '(n: Int! = 2, color: Color = RED)',
  '(filter: Filter)',
  '(colors: [Color!] = [RED])',
];

/**
 * Makes up a graph and its division into subgraphs; the same one for a seed. Most compose; those that do not are left to composition to tell.
 */
export function randomModel(seed: number): GraphModel {
  const random = createRandom(seed);
  // For choices that came later than the seeds that tests name, so that these still stand for their graphs.
  const later = createRandom(~seed);
  const subgraphs = range(2 + random.below(3)).map((index) => `s${index}`);
  const someOf = (from: readonly string[], least = 1): string[] => {
    const chosen = from.filter(() => random.chance(0.6));
    return chosen.length >= least ? chosen : [...from].slice(0, Math.max(least, chosen.length));
  };

  const objects: ObjectModel[] = range(2 + random.below(3)).map((index) => {
    const places = someOf(shuffled(random, subgraphs), 2);
    return { kind: 'entity', name: `E${index}`, subgraphs: places, keys: new Map(), fields: [] };
  });
  for (const index of range(random.below(3))) {
    const places = someOf(subgraphs);
    objects.push({ kind: 'value', name: `V${index}`, subgraphs: places, keys: new Map(), fields: [] });
  }
  const entities = objects.filter(({ kind }) => kind === 'entity');
  const implementersOf = new Map<string, readonly ObjectModel[]>();
  const interfacesIn = new Map<string, readonly string[]>();
  for (const index of range(random.below(3))) {
    const name = `I${index}`;
    const places = someOf(subgraphs);
    const implementers = entities.filter(
      (entity) => random.chance(0.7) && entity.subgraphs.some((place) => places.includes(place)),
    );
    if (implementers.length === 0) continue;
    implementersOf.set(name, implementers);
    interfacesIn.set(name, places);
  }
  const implementing = new Set([...implementersOf.values()].flat());
  const keyed = entities.map((entity) => withKeys(random, entity, implementing.has(entity)));
  const all = [...keyed, ...objects.filter(({ kind }) => kind === 'value')];
  const unions = range(random.below(3)).flatMap((index): UnionModel[] => {
    const members = all.filter(() => random.chance(0.6));
    const membersIn = new Map<string, readonly string[]>();
    for (const place of someOf(subgraphs)) {
      const known = members.filter((member) => member.subgraphs.includes(place)).map(({ name }) => name);
      if (known.length > 0) membersIn.set(place, known);
    }
    return membersIn.size > 0 ? [{ name: `U${index}`, membersIn }] : [];
  });

  /** Composite types that a field of these owners can have. */
  const compositesFor = (owners: readonly string[]): string[] => [
    ...all
      .filter((object) => owners.every((owner) => object.subgraphs.includes(owner)))
      .map(({ name }) => name),
    ...unions
      .filter(({ membersIn }) => owners.every((owner) => membersIn.has(owner)))
      .map(({ name }) => name),
    ...[...interfacesIn]
      .filter(([, places]) => owners.every((owner) => places.includes(owner)))
      .map(([name]) => name),
  ];
  const makeField = (
    name: string,
    owners: readonly string[],
    options: Partial<FieldModel> = {},
  ): FieldModel => {
    const composites = compositesFor(owners);
    const named =
      composites.length > 0 && random.chance(0.35) ? random.pick(composites) : random.pick(leaves);
    return {
      name,
      type: wrapped(random, named),
      args: random.chance(0.25) ? random.pick(argumentLists) : '',
      owners,
      provides: new Map(),
      externalIn: new Set(),
      solid: false,
      shared: owners.length > 1,
      ...options,
    };
  };

  for (const object of all) {
    if (object.kind === 'value') {
      for (const index of range(1 + random.below(3)))
        object.fields.push(
          makeField(`${object.name.toLowerCase()}f${index}`, object.subgraphs, { shared: true }),
        );
      continue;
    }
    for (const index of range(1 + random.below(4))) {
      const owner = random.pick(object.subgraphs);
      const others = object.subgraphs.filter((place) => place !== owner);
      const owners = random.chance(0.2) && others.length > 0 ? [owner, random.pick(others)] : [owner];
      const overridden =
        owners.length === 1 && others.length > 0 && random.chance(0.1) ? random.pick(others) : undefined;
      const knowing = overridden === undefined ? owners : [...owners, overridden];
      const field = makeField(`${object.name.toLowerCase()}f${index}`, knowing, {
        owners,
        shared: owners.length > 1,
        overridden,
        // Hidden from clients, and still good for what other subgraphs require.
        inaccessible: random.chance(0.08),
      });
      const { type } = field;
      const mayBeStrict = owners.length > 1 && type.kind === 'named' && !type.nonNull && isLeaf(type.name);
      object.fields.push(mayBeStrict && later.chance(0.5) ? { ...field, strictIn: owner } : field);
    }
  }
  const interfaces = [...implementersOf].map(([name, implementers]): InterfaceModel =>
    makeInterface(random, name, interfacesIn.get(name)!, implementers, makeField),
  );
  addRequirements(random, all);
  const asObjects = interfaces.map((type) => withInterfaceObject(random, type, all, subgraphs, makeField));
  const rootField = (name: string, mayBeShared: boolean): FieldModel => {
    const owner = random.pick(subgraphs);
    const owners =
      mayBeShared && random.chance(0.15) ? [...new Set([owner, random.pick(subgraphs)])] : [owner];
    const composites = compositesFor(owners);
    const type = wrapped(random, composites.length > 0 ? random.pick(composites) : 'Int');
    return makeField(name, owners, { type });
  };
  const query = [
    ...range(3 + random.below(3)).map((index) => rootField(`q${index}`, true)),
    ...entities.map(({ name }, index) => {
      const owner = random.pick(entities[index]!.subgraphs);
      return makeField(`all${name}`, [owner], {
        type: { kind: 'list', of: { kind: 'named', name, nonNull: false }, nonNull: false },
      });
    }),
    ...asObjects.flatMap(({ name, asObject }) =>
      asObject === undefined
        ? []
        : [makeField(`any${name}`, [asObject.subgraph], { type: wrapped(random, name) })],
    ),
  ];
  addProvisions(random, all, [...query, ...all.flatMap(({ fields }) => fields)]);
  const mutation = range(random.below(3)).map((index) => rootField(`m${index}`, false));
  return { subgraphs, objects: all, interfaces: asObjects, unions, query, mutation };
}

/** The first subgraph has every key, so that there is a way from each to each. */
function withKeys(random: Random, entity: ObjectModel, needsId: boolean): ObjectModel {
  const keys = new Map<string, readonly KeyModel[]>();
  const alternative = random.pick(['code', 'code tag', 'spot { row }', undefined, undefined]);
  const [home = '', ...others] = entity.subgraphs;
  const id: KeyModel = { fields: 'id', resolvable: true };
  const other = { fields: alternative ?? '', resolvable: true };
  const withId = new Set([home]);
  const withOther = new Set(alternative === undefined ? [] : [home]);
  keys.set(home, alternative === undefined ? [id] : shuffled(random, [id, other]));
  for (const place of others) {
    const kind = alternative === undefined ? 0 : random.below(4);
    if (kind !== 1 || needsId) withId.add(place);
    if (kind > 0) withOther.add(place);
    if (kind === 0) keys.set(place, [id]);
    else if (kind === 1) keys.set(place, needsId ? [other, id] : [other]);
    else if (kind === 2) keys.set(place, [{ ...id, resolvable: false }, other]);
    else keys.set(place, [id, { ...other, resolvable: false }]);
  }
  entity.fields.push(keyField('id', [...withId], 'ID'));
  if (alternative !== undefined) {
    const owners = [...withOther];
    if (alternative.startsWith('code')) entity.fields.push(keyField('code', owners, 'String'));
    if (alternative.endsWith('tag')) entity.fields.push(keyField('tag', owners, 'Int'));
    if (alternative.startsWith('spot')) entity.fields.push(keyField('spot', owners, 'Spot'));
  }
  return { ...entity, keys };
}

/** Adds to an interface what its implementers have in common, some of it made for that. */
function makeInterface(
  random: Random,
  name: string,
  places: readonly string[],
  implementers: readonly ObjectModel[],
  makeField: (name: string, owners: readonly string[]) => FieldModel,
): InterfaceModel {
  const common = range(random.below(3)).map((index) => {
    const field = `${name.toLowerCase()}c${index}`;
    const shape = makeField(field, [random.pick(implementers).subgraphs[0]!]);
    for (const { fields, subgraphs } of implementers) {
      const owner = random.pick(subgraphs);
      const type: TypeModel =
        shape.type.kind === 'named' && isLeaf(shape.type.name)
          ? { ...shape.type, nonNull: shape.type.nonNull || random.chance(0.3) }
          : { kind: 'named', name: 'Int', nonNull: random.chance(0.3) };
      fields.push({ ...shape, type, owners: [owner], shared: false, externalIn: new Set() });
    }
    return field;
  });
  const fieldsIn = new Map<string, readonly string[]>();
  for (const place of places) {
    const known = implementers.filter(({ subgraphs }) => subgraphs.includes(place));
    const shared = common.filter((field) =>
      known.every(({ fields }) =>
        fields.some((candidate) => candidate.name === field && candidate.owners.includes(place)),
      ),
    );
    fieldsIn.set(place, ['id', ...shared]);
  }
  return { name, fieldsIn, implementers: implementers.map((implementer) => implementer.name) };
}

/** Lets another subgraph have the interface as an object, where one subgraph knows all its implementers and the other none. */
function withInterfaceObject(
  random: Random,
  type: InterfaceModel,
  objects: readonly ObjectModel[],
  subgraphs: readonly string[],
  makeField: (name: string, owners: readonly string[]) => FieldModel,
): InterfaceModel {
  const implementers = objects.filter(({ name }) => type.implementers.includes(name));
  const home = [...type.fieldsIn.keys()].find((place) =>
    implementers.every(
      ({ subgraphs: known, keys }) =>
        known.includes(place) &&
        (keys.get(place) ?? []).some(({ fields, resolvable }) => fields === 'id' && resolvable),
    ),
  );
  const subgraph = subgraphs.find(
    (place) =>
      !type.fieldsIn.has(place) && implementers.every(({ subgraphs: known }) => !known.includes(place)),
  );
  if (home === undefined || subgraph === undefined) return type;
  const fields = range(1 + random.below(2)).map((index) =>
    makeField(`${type.name.toLowerCase()}o${index}`, [subgraph]),
  );
  return { ...type, home, asObject: { subgraph, fields } };
}
