import { Kind, type ConstDirectiveNode, type DocumentNode } from 'graphql';
import { argumentOf, isFielded, joinsOf, parseFieldSet, textOf, type FieldedType } from './field-sets.ts';

/**
 * Takes keys that are not resolvable from types to which the planner has to come back. After a `@requires` or a `@fromContext` it re-enters the subgraph
 * by the first key that the type has there and does not ask whether the subgraph resolves it: the subgraph does not know the entity
 * then, and the field is silently null. Other uses of such a key do not depend on its declaration.
 */
export function dropUnresolvableKeys(document: DocumentNode): DocumentNode {
  const definitions = document.definitions.map((definition) =>
    isFielded(definition) ? withoutUnresolvableKeys(definition) : definition,
  );
  const changed = definitions.some((definition, index) => definition !== document.definitions[index]);
  return changed ? { ...document, definitions } : document;
}

function withoutUnresolvableKeys<T extends FieldedType>(type: T): T {
  const isDropped = (directive: ConstDirectiveNode): boolean => {
    const graph = textOf(directive, 'graph');
    const key = textOf(directive, 'key');
    const resolvable = argumentOf(directive, 'resolvable');
    return (
      directive.name.value === 'join__type' &&
      graph !== undefined &&
      key !== undefined &&
      resolvable?.kind === Kind.BOOLEAN &&
      !resolvable.value &&
      isReentered(type, graph) &&
      // Federation 1 marks the keys of extended types as external, and the key is what makes them fields of the subgraph.
      !isExternal(type, graph, key)
    );
  };
  if (!(type.directives ?? []).some(isDropped)) return type;
  const seen = new Set<string>();
  const directives = (type.directives ?? []).flatMap((directive) => {
    const dropped = isDropped(directive);
    const graph = directive.name.value === 'join__type' ? textOf(directive, 'graph')! : undefined;
    if (!dropped) {
      if (graph !== undefined) seen.add(graph);
      return [directive];
    }
    return [];
  });
  // That the subgraph has the type at all has to be said once.
  for (const graph of new Set(joinsOf(type, 'type').map((join) => textOf(join, 'graph')!))) {
    if (seen.has(graph)) continue;
    const dropped = joinsOf(type, 'type').find((join) => textOf(join, 'graph') === graph)!;
    const kept = dropped.arguments?.filter(({ name }) => !['key', 'resolvable'].includes(name.value));
    directives.push({ ...dropped, arguments: kept ?? [] });
  }
  return { ...type, directives };
}

/** Whether a subgraph can only be asked for some field of a type after others have been fetched elsewhere. */
function isReentered(type: FieldedType, graph: string): boolean {
  return (type.fields ?? []).some((field) =>
    joinsOf(field, 'field').some(
      (join) =>
        textOf(join, 'graph') === graph &&
        (argumentOf(join, 'requires') ?? argumentOf(join, 'contextArguments')) !== undefined,
    ),
  );
}

function isExternal(type: FieldedType, graph: string, key: string): boolean {
  const names = new Set(
    parseFieldSet(key).selections.flatMap((selection) =>
      selection.kind === Kind.FIELD ? [selection.name.value] : [],
    ),
  );
  return (type.fields ?? []).some(
    (field) =>
      names.has(field.name.value) &&
      joinsOf(field, 'field').some((join) => {
        const external = argumentOf(join, 'external');
        return textOf(join, 'graph') === graph && external?.kind === Kind.BOOLEAN && external.value;
      }),
  );
}
