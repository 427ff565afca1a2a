import type { FetchNode } from '@apollo/query-planner';
import {
  Kind,
  parse,
  type FieldNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

type Required = NonNullable<FetchNode['requires']>[number];

/** Statements that make a fetch and put what it brings in its place. */
export function writeFetch(fetch: FetchNode, path: readonly string[], url: string): string {
  const usages = (fetch.variableUsages ?? []).filter((name) => name !== 'representations');
  if (usages.length > 0) throw new Error('the proxy is written for queries without variables');
  if (fetch.inputRewrites !== undefined || fetch.outputRewrites !== undefined || fetch.contextRewrites) {
    throw new Error('the proxy is written for plans without rewrites');
  }
  const selection = parse(fetch.operation).definitions.find(
    (definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION,
  )!.selectionSet;
  return fetch.requires === undefined || path.length === 0
    ? writeRootFetch(fetch, url, selection)
    : writeEntityFetch(fetch, fetch.requires, path, url, selection);
}

function writeRootFetch(fetch: FetchNode, url: string, selection: SelectionSetNode): string {
  const body = JSON.stringify({ query: fetch.operation, variables: {}, operationName: fetch.operationName });
  return `{
    const response = await post(${JSON.stringify(url)}, ${JSON.stringify(body)});
    ${fieldsOf(selection, undefined)
      .map((name) => `data.${name} = response.data.${name};`)
      .join(' ')}
  }`;
}

function writeEntityFetch(
  fetch: FetchNode,
  requires: readonly Required[],
  path: readonly string[],
  url: string,
  selection: SelectionSetNode,
): string {
  const entities = selection.selections[0];
  if (entities?.kind !== Kind.FIELD || entities.selectionSet === undefined) {
    throw new Error(`not a fetch of entities: ${fetch.operation}`);
  }
  const [before, after] = JSON.stringify({
    query: fetch.operation,
    variables: { representations: '' },
    operationName: fetch.operationName,
  }).split('""');
  const taken = requires.map((each) => {
    if (each.kind !== 'InlineFragment' || each.typeCondition === undefined) {
      throw new Error('an entity is required by a fragment on its type');
    }
    const type = JSON.stringify(each.typeCondition);
    const assignments = fieldsOf(entities.selectionSet!, each.typeCondition)
      .map((name) => `entity.${name} = found.${name};`)
      .join(' ');
    return { type, representation: writeRepresentation(each.selections, 'entity'), assignments };
  });
  return `{
    const entities = [];
    const representations = [];
    ${writeLoops(
      path,
      taken
        .map(
          ({ type, representation }) =>
            `if (entity.__typename === ${type}) { entities.push(entity); representations.push(${representation}); }`,
        )
        .join(' else '),
    )}
    if (entities.length > 0) {
      const response = await post(${JSON.stringify(url)}, ${JSON.stringify(before)} + JSON.stringify(representations) + ${JSON.stringify(after)});
      for (let index = 0; index < entities.length; index += 1) {
        const entity = entities[index];
        const found = response.data._entities[index];
        if (found == null) continue;
        ${taken.map(({ type, assignments }) => `if (entity.__typename === ${type}) { ${assignments} }`).join(' else ')}
      }
    }
  }`;
}

/** Loops to the objects at a path, each of which the inner statements know as `entity`. */
function writeLoops(path: readonly string[], inner: string): string {
  let expression = 'data';
  let opening = '';
  let closing = '';
  path.forEach((step, depth) => {
    if (step === '@') {
      opening += `for (const item${depth} of ${expression} ?? []) { `;
      closing += ' }';
      expression = `item${depth}`;
    } else {
      // A type condition in a path (`field|[Type]`) is of abstract types.
      if (!/^\w+$/.test(step)) throw new Error('the proxy is written for queries without abstract types');
      expression += depth === 0 ? `.${step}` : `?.${step}`;
    }
  });
  return `${opening}{ const entity = ${expression}; if (entity != null) { ${inner} } }${closing}`;
}

function writeRepresentation(selections: readonly Required[], from: string): string {
  const members = selections.map((each) => {
    if (each.kind !== 'Field') throw new Error('the proxy is written for queries without abstract types');
    const value = `${from}.${each.name}`;
    return each.selections === undefined
      ? `${each.name}: ${value}`
      : `${each.name}: ${value} == null ? null : ${writeRepresentation(each.selections, value)}`;
  });
  return `{ ${members.join(', ')} }`;
}

/** The response names that a selection has for an object of that type. */
function fieldsOf(selection: SelectionSetNode, type: string | undefined): string[] {
  return [...new Set(fieldNodes(selection.selections, type).map(({ alias, name }) => (alias ?? name).value))];
}

function fieldNodes(selections: readonly SelectionNode[], type: string | undefined): FieldNode[] {
  return selections.flatMap((each): FieldNode[] => {
    switch (each.kind) {
      case Kind.FIELD:
        return [each];
      case Kind.INLINE_FRAGMENT:
        return type === undefined ||
          each.typeCondition === undefined ||
          each.typeCondition.name.value === type
          ? fieldNodes(each.selectionSet.selections, type)
          : [];
      case Kind.FRAGMENT_SPREAD:
        throw new Error('the proxy is written for fetches without named fragments');
    }
  });
}
