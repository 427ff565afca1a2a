import { namedTypeOf, printType, type FieldModel, type GraphModel, type ObjectModel } from './model.ts';

const header = `extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9",
  import: ["@key", "@external", "@requires", "@provides", "@shareable", "@interfaceObject", "@override", "@inaccessible"]
)
scalar Blob
enum Color { RED GREEN BLUE }
input Filter { least: Int = 0, color: Color, not: Filter }
type Spot @shareable { row: String! }
`;

/** The schema of one subgraph of a made-up graph. */
export function printSubgraph(model: GraphModel, subgraph: string): string {
  const { objects, interfaces, unions, query, mutation } = model;
  const parts = [
    header,
    printRoot('Query', subgraph, query, '_unused: Int @shareable'),
    printRoot('Mutation', subgraph, mutation, ''),
    ...objects
      .filter(({ subgraphs }) => subgraphs.includes(subgraph))
      .map((object) => printObject(model, object, subgraph)),
  ];
  for (const { name, fieldsIn, home, asObject } of interfaces) {
    if (asObject?.subgraph === subgraph) {
      const fields = asObject.fields.map((field) => printField(field, subgraph));
      parts.push(`type ${name} @key(fields: "id") @interfaceObject { id: ID!, ${fields.join(', ')} }`);
    }
    const fields = fieldsIn.get(subgraph);
    if (fields === undefined) continue;
    const key = asObject !== undefined && home === subgraph ? ' @key(fields: "id")' : '';
    const printed = fields.map((field) => printInterfaceField(model, name, field));
    parts.push(`interface ${name}${key} { ${printed.join(', ')} }`);
  }
  for (const { name, membersIn } of unions) {
    const members = membersIn.get(subgraph);
    if (members !== undefined) parts.push(`union ${name} = ${members.join(' | ')}`);
  }
  return parts.join('\n');
}

function printRoot(name: string, subgraph: string, fields: readonly FieldModel[], filler: string): string {
  const own = fields
    .filter(({ owners }) => owners.includes(subgraph))
    .map((field) => printField(field, subgraph));
  const all = filler === '' ? own : [filler, ...own];
  return all.length === 0 ? '' : `type ${name} { ${all.join(', ')} }`;
}

function printObject(model: GraphModel, object: ObjectModel, subgraph: string): string {
  const { name, kind, keys, fields } = object;
  const implemented = model.interfaces
    .filter((type) => type.fieldsIn.has(subgraph) && type.implementers.includes(name))
    .map((type) => type.name);
  const implementing = implemented.length === 0 ? '' : ` implements ${implemented.join(' & ')}`;
  const directives = (keys.get(subgraph) ?? []).map(
    (key) => ` @key(fields: "${key.fields}"${key.resolvable ? '' : ', resolvable: false'})`,
  );
  const own = fields.flatMap((field) => {
    const { owners, externalIn, overridden } = field;
    if (owners.includes(subgraph) || overridden === subgraph) return [printField(field, subgraph)];
    if (!externalIn.has(subgraph)) return [];
    return [`${field.name}${field.args}: ${printType(field.type)} @external`];
  });
  const shareable = kind === 'value' ? ' @shareable' : '';
  return `type ${name}${implementing}${directives.join('')}${shareable} { ${own.join(', ')} }`;
}

function printField(field: FieldModel, subgraph: string): string {
  const { name, args, type, shared, requires, provides, overridden, inaccessible, strictIn } = field;
  const given = provides.get(subgraph);
  const directives = [
    shared && !name.startsWith('v') ? ' @shareable' : '',
    requires === undefined ? '' : ` @requires(fields: ${JSON.stringify(requires)})`,
    given === undefined ? '' : ` @provides(fields: "${given}")`,
    overridden !== undefined && overridden !== subgraph ? ` @override(from: "${overridden}")` : '',
    inaccessible === true ? ' @inaccessible' : '',
  ];
  const own = strictIn === subgraph ? { ...type, nonNull: true } : type;
  return `${name}${args}: ${printType(own)}${directives.join('')}`;
}

function printInterfaceField(model: GraphModel, type: string, name: string): string {
  if (name === 'id') return 'id: ID!';
  const [implementer] = model.interfaces.find((candidate) => candidate.name === type)!.implementers;
  const { fields } = model.objects.find((object) => object.name === implementer)!;
  const field = fields.find((candidate) => candidate.name === name)!;
  return `${name}${field.args}: ${namedTypeOf(field.type)}`;
}
