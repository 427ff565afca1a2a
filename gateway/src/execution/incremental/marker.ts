import { Kind, type DirectiveNode, type FieldNode, type InlineFragmentNode } from 'graphql';

const markers = new WeakSet<FieldNode>();

/**
 * Stands in a selection for a deferred fragment: wherever the shaped data has the marker, the fragment has to be delivered, and its value is
 * the name of the object's type.
 * @param directives the fragment's own, so that the marker is skipped with it.
 */
export function markerFor(responseKey: string, directives: readonly DirectiveNode[]): InlineFragmentNode {
  const marker: FieldNode = {
    kind: Kind.FIELD,
    alias: { kind: Kind.NAME, value: responseKey },
    name: { kind: Kind.NAME, value: '__typename' },
  };
  markers.add(marker);
  return {
    kind: Kind.INLINE_FRAGMENT,
    directives,
    selectionSet: { kind: Kind.SELECTION_SET, selections: [marker] },
  };
}

/** Whether a field was put there by {@link markerFor}: the client did not ask for the type. */
export function isMarker(field: FieldNode): boolean {
  return markers.has(field);
}
